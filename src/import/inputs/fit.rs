//! Proves that the mapping and the filter fit an input, before anything is sent.
//!
//! What is reported when the columns have no names is in `heading`.

use std::sync::Arc;

use super::error::PrepareError;
use super::lookahead::Lookahead;
use crate::import::options::ImportOptions;
use crate::import::phone_columns::is_phone;
use crate::mapping::{self, Choice, Plan};
use crate::record::{Header, Layout, Shape};
use crate::source::Cause;

impl Lookahead {
    /// Proves that mapping and filter fit this input.
    pub(super) fn fit(&mut self, options: &ImportOptions) -> Result<(), PrepareError> {
        match &self.opened.shape {
            Shape::Table { header, .. } => {
                let header = header.clone();
                self.refuse_name(&header, |name| is_phone(name, options))?;
                self.fit_header(&header, options)
            }
            Shape::Objects => self.fit_objects(options),
        }
    }

    fn fit_header(
        &mut self,
        header: &Arc<Header>,
        options: &ImportOptions,
    ) -> Result<(), PrepareError> {
        self.header = Some(Arc::clone(header));
        self.judge_phones(header, options);
        let plan = match Plan::without(header, &options.mapping, &self.not_phones) {
            Ok(plan) => plan,
            Err(error) => return self.mapping_error(header, error, options),
        };
        let name = || self.name.clone();
        let (mut lines, pins) = (plan.lines(), plan.pins());
        lines.extend(plan.pinned());
        options
            .filter
            .resolve(header)
            .map_err(|error| PrepareError::Filter {
                name: name(),
                error,
            })?;
        self.plan = lines;
        self.pins = pins;
        Ok(())
    }

    /// Finds columns whose header says phone and whose cells do not.
    fn judge_phones(&mut self, header: &Arc<Header>, options: &ImportOptions) {
        let Ok(plan) = Plan::new(header, &options.mapping) else {
            return;
        };
        // A pipe may be slow or silent, so it is read ahead only if there is more than one column to choose from.
        if self.is_file || plan.phone_columns() > 1 {
            let records = self.first_records(header);
            self.not_phones = plan.not_phones(&records);
        }
    }

    /// Refuses columns that are equally likely the phone and have different numbers: a guess could message a stranger.
    pub(super) fn refuse_rivals(&mut self, options: &ImportOptions) -> Result<(), PrepareError> {
        let rivals = self.rival_phones(options);
        if rivals.is_empty() {
            return Ok(());
        }
        Err(PrepareError::Mapping {
            name: self.name.clone(),
            error: mapping::rival_phones(&rivals),
        })
    }

    /// The phone columns that are equally likely by their headers and have different numbers.
    fn rival_phones(&mut self, options: &ImportOptions) -> Vec<Choice> {
        let Some(header) = self.header.clone() else {
            return Vec::new();
        };
        match Plan::without(&header, &options.mapping, &self.not_phones) {
            Ok(plan) if plan.has_equal_phones() => plan.rivals(&self.first_records(&header)),
            _ => Vec::new(),
        }
    }

    /// Objects have no header, so the keys of the first records, taken together, are treated as one.
    fn fit_objects(&mut self, options: &ImportOptions) -> Result<(), PrepareError> {
        while self.read_ahead() {}
        // A wrong option (such as --records) is reported at once, data that breaks off when its turn comes.
        if let Some(error) = self.broken.take_if(|error| error.cause() == Cause::Usage) {
            return Err(PrepareError::Source {
                name: self.name.clone(),
                error,
            });
        }
        let names = self.keys();
        if names.is_empty() {
            return Ok(());
        }
        let header = Arc::new(Header {
            layout: Layout::Keys,
            names,
        });
        self.fit_header(&header, options)
    }
}
