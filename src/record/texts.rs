//! The texts of a chunk in one string, and the lists of them. A text is found again by its span.

/// Texts one behind another.
#[derive(Clone, Default)]
pub(super) struct Texts {
    joined: String,
    /// Of the lists.
    elements: Vec<Span>,
}

/// A part of the texts, or of the elements of lists. Four bytes a number: a chunk is sent off long before it holds
/// 4 GB.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    from: u32,
    to: u32,
}

/// How much there was at some moment.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mark {
    text: usize,
    elements: usize,
}

impl Span {
    pub(super) fn new(from: usize, to: usize) -> Span {
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span {
            from: number(from),
            to: number(to),
        }
    }

    pub(super) fn range(self) -> std::ops::Range<usize> {
        self.from as usize..self.to as usize
    }

    pub(super) fn end(self) -> usize {
        self.to as usize
    }
}

impl Texts {
    pub(super) fn text(&self, span: Span) -> &str {
        self.joined.get(span.range()).unwrap_or_default()
    }

    pub(super) fn elements(&self, list: Span) -> &[Span] {
        self.elements.get(list.range()).unwrap_or_default()
    }

    /// Bytes of all texts.
    pub(super) fn len(&self) -> usize {
        self.joined.len()
    }

    pub(super) fn add(&mut self, text: &str) -> Span {
        let from = self.joined.len();
        self.joined.push_str(text);
        Span::new(from, self.joined.len())
    }

    pub(super) fn add_list<'t>(&mut self, texts: impl IntoIterator<Item = &'t str>) -> Span {
        let from = self.elements.len();
        for text in texts {
            let element = self.add(text);
            self.elements.push(element);
        }
        Span::new(from, self.elements.len())
    }

    pub(super) fn mark(&self) -> Mark {
        Mark {
            text: self.joined.len(),
            elements: self.elements.len(),
        }
    }

    /// Bytes that were added since.
    pub(super) fn size_since(&self, mark: Mark) -> usize {
        self.joined.len() - mark.text
    }

    /// Drops what was added since.
    pub(super) fn go_back(&mut self, mark: Mark) {
        self.joined.truncate(mark.text);
        self.elements.truncate(mark.elements);
    }
}
