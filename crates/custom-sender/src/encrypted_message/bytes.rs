use super::MessageError;

/// Reads one field after another. No length that was read is trusted: what is not there is an error, and nothing is allocated for it.
pub(super) struct Bytes<'a> {
    all: &'a [u8],
    at: usize,
}

impl<'a> Bytes<'a> {
    pub(super) fn of(all: &'a [u8]) -> Self {
        Self { all, at: 0 }
    }

    /// The next bytes, as many as were asked for.
    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8], MessageError> {
        let rest = &self.all[self.at..];
        let taken = rest.get(..length).ok_or(MessageError::TooShort)?;
        self.at += length;
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], MessageError> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    pub(super) fn u8(&mut self) -> Result<u8, MessageError> {
        self.array().map(u8::from_be_bytes)
    }

    pub(super) fn u16(&mut self) -> Result<u16, MessageError> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn u32(&mut self) -> Result<u32, MessageError> {
        self.array().map(u32::from_be_bytes)
    }

    /// A field that begins with its length, in two bytes.
    pub(super) fn field(&mut self) -> Result<&'a [u8], MessageError> {
        let length = self.u16()?;
        self.take(length.into())
    }

    /// What has been read.
    pub(super) fn so_far(&self) -> &'a [u8] {
        &self.all[..self.at]
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at == self.all.len()
    }
}
