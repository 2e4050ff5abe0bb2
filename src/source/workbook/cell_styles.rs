//! The number formats of cells by their styles.

use std::borrow::Cow;
use std::collections::HashMap;

use super::number_format::NumberFormat;
use super::value::CellContent;

/// The number format of each style. Styles share formats: a file of 65,490 styles has some dozen formats.
#[derive(Default)]
pub(super) struct CellStyles {
    formats: Vec<NumberFormat>,
    /// For each style, the index of its format.
    of_style: Vec<usize>,
}

impl CellStyles {
    /// Takes the codes of custom formats by their ids, and the format id of each style.
    pub(super) fn new(codes: &HashMap<u32, String>, ids: &[u32]) -> CellStyles {
        let mut formats = Vec::new();
        let mut known = HashMap::new();
        let of_style = ids.iter().map(|id| {
            *known.entry(*id).or_insert_with(|| {
                formats.push(match codes.get(id) {
                    Some(code) => NumberFormat::parse(code),
                    None => NumberFormat::built_in(*id),
                });
                formats.len() - 1
            })
        });
        let of_style = of_style.collect();
        CellStyles { formats, of_style }
    }

    /// The format of a style; one that is not listed is plain.
    pub(super) fn format(&self, style: usize) -> &NumberFormat {
        let index = self.of_style.get(style);
        let format = index.and_then(|index| self.formats.get(*index));
        format.unwrap_or(&NumberFormat::Plain)
    }

    /// A text as a cell of this style shows it.
    pub(super) fn show_text<'t>(&self, text: Cow<'t, str>, style: usize) -> CellContent<'t> {
        match self.format(style).show_text(&text) {
            Some(shown) => CellContent::text(shown),
            None => CellContent::Text(text),
        }
    }
}
