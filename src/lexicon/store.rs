//! The packed file: its layout and how it is read. Knows nothing of legal forms.
//!
//! All numbers little-endian. Header of 40 bytes: magic `samblex1`, then u32 each: places, offset of the place records,
//! of the names, of the area lists, of the block index, number of blocks, offset of the keys; the length of the file.
//!
//! - *place record*, 20 bytes: type u8, flags u8, country 2 bytes, population u32, parent u32 (`!0` none), offset of its
//!   names u32, offset of its areas u32 (`!0` none).
//! - *names* of a place: count u8, then for each languages u8, class u8, length u8, bytes. The first is the primary one.
//! - *areas* of a place: count u8, then a place u32 each.
//! - *keys*: lower-cased names in the order of their bytes, front-coded in blocks of sixteen: bytes shared with the key
//!   before u8, length of the rest u8, the rest, flags u8, length of the payload u8, payload. The payload holds, as the
//!   flags say, the languages of a first name, those of a surname, and pairs of place (LEB128) and index of its name.

use std::cmp::Ordering;

use super::{Candidate, Country, Langs, Name, NameClass, Place, PlaceId, fold};
use crate::model::{Lang, Type};

const MAGIC: &[u8; 8] = b"samblex1";
const RECORD: usize = 20;
const NONE: u32 = u32::MAX;
/// Longest key in bytes: longer words are in no lexicon.
const KEY_MAX: usize = 96;
/// Most words of a place name.
const WORDS_MAX: usize = 6;
/// Deepest chain of containment that is followed.
const DEPTH_MAX: usize = 16;

const MORE: u8 = 1;
const COMMON: u8 = 2;
const FIRST: u8 = 4;
const SURNAME: u8 = 8;
const PLACES: u8 = 16;

/// The places and names. See [`super::lexicon`].
#[derive(Debug)]
pub struct Lexicon {
    data: &'static [u8],
    places: u32,
    records: usize,
    names: usize,
    areas: usize,
    index: usize,
    blocks: usize,
    keys: usize,
}

/// What the lexicon knows of a word as such.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Word {
    /// Languages in which it is a given name.
    pub first_name: Langs,
    /// Languages in which it is a family name.
    pub surname: Langs,
    /// Whether it is common in lower case.
    pub common: bool,
    /// Whether it is the name of a place.
    pub place: bool,
    /// Whether a longer place name begins with it.
    pub more: bool,
}

/// A key found: its flags and payload.
#[derive(Debug, Clone, Copy)]
struct Hit {
    flags: u8,
    payload: &'static [u8],
}

impl Lexicon {
    /// Reads the header. A file that is none gives an empty lexicon: the embedded one is checked by a test.
    pub(super) fn open(data: &'static [u8]) -> Lexicon {
        let word = |i: usize| read_u32(data, 8 + 4 * i).unwrap_or(0);
        let sound = data.starts_with(MAGIC) && word(7) as usize == data.len();
        let at = |i: usize| if sound { word(i) as usize } else { 0 };
        Lexicon {
            data,
            places: at(0) as u32,
            records: at(1),
            names: at(2),
            areas: at(3),
            index: at(4),
            blocks: at(5),
            keys: at(6),
        }
    }

    /// Number of places.
    pub const fn len(&self) -> usize {
        self.places as usize
    }

    /// Whether it holds no place.
    pub const fn is_empty(&self) -> bool {
        self.places == 0
    }

    /// Looks a name up whatever its capital letters, best candidate first; [`Candidate::exact`] says whether the
    /// spelling is the same. Runs of white space count as one space. Does not inflect: give it a base form.
    pub fn places<'l>(&'l self, name: &str) -> Candidates<'l> {
        let mut key = Key::new();
        for word in name.split_whitespace() {
            key.push(word);
        }
        let written = Written::of(name);
        match key.get().and_then(|k| self.find(k)) {
            Some(hit) => self.candidates(hit, written),
            None => Candidates { lexicon: self, rest: &[], common: false, written },
        }
    }

    /// The longest place name at the start of a run of tokens: how many tokens it takes, and its candidates.
    /// Full stops inside are passed over (`St . Petersburg`).
    pub fn longest_place<'l>(&'l self, tokens: &[&str]) -> Option<(usize, Candidates<'l>)> {
        let (mut key, mut best, mut words) = (Key::new(), None, 0);
        for (i, token) in tokens.iter().enumerate() {
            if *token == "." && words > 0 {
                continue;
            }
            if words == WORDS_MAX {
                break;
            }
            key.push(token);
            words += 1;
            let Some(hit) = key.get().and_then(|k| self.find(k)) else { break };
            if hit.flags & PLACES != 0 {
                best = Some((i + 1, hit));
            }
            if hit.flags & MORE == 0 {
                break;
            }
        }
        let (n, hit) = best?;
        Some((n, self.candidates(hit, Written::of_words(&tokens[..n]))))
    }

    /// What is known of one word: as given name, family name, common word, place.
    pub fn word(&self, word: &str) -> Word {
        let mut key = Key::new();
        key.push(word);
        let Some(hit) = key.get().and_then(|k| self.find(k)) else { return Word::default() };
        let mut payload = hit.payload.iter();
        let mut langs = |flag| Langs(if hit.flags & flag != 0 { payload.next().copied().unwrap_or(0) } else { 0 });
        Word {
            first_name: langs(FIRST),
            surname: langs(SURNAME),
            common: hit.flags & COMMON != 0,
            place: hit.flags & PLACES != 0,
            more: hit.flags & MORE != 0,
        }
    }

    /// Whether it is a given name in any language. A double name (`Anna-Karin`) is one if both halves are.
    pub fn is_first_name(&self, name: &str) -> bool {
        !self.word(name).first_name.is_empty()
            || name
                .split_once('-')
                .is_some_and(|(a, b)| !self.word(a).first_name.is_empty() && !self.word(b).first_name.is_empty())
    }

    /// Whether it is a family name in any language. A double name (`Bergvall-Ek`) is one if a half is.
    pub fn is_surname(&self, name: &str) -> bool {
        !self.word(name).surname.is_empty() || name.split('-').skip(1).any(|p| !self.word(p).surname.is_empty())
    }

    /// A place by its id; an id of another version of the data gives none.
    pub fn place(&self, id: PlaceId) -> Option<Place> {
        if id.0 >= self.places {
            return None;
        }
        let r = self.data.get(self.records + RECORD * id.0 as usize..)?.get(..RECORD)?;
        let country = [r[2], r[3]];
        let parent = read_u32(r, 8)?;
        Some(Place {
            id,
            ty: Type::ALL.get(r[0] as usize).copied()?,
            country: (country[0] != 0).then_some(Country(country)),
            population: read_u32(r, 4)?,
            parent: (parent != NONE).then_some(PlaceId(parent)),
        })
    }

    /// The names of a place, the primary one first.
    pub fn names(&self, id: PlaceId) -> Names<'_> {
        let rest = (id.0 < self.places)
            .then(|| read_u32(self.data, self.records + RECORD * id.0 as usize + 12))
            .flatten()
            .and_then(|at| self.data.get(self.names + at as usize..))
            .unwrap_or(&[]);
        match rest.split_first() {
            Some((&left, rest)) => Names { left, rest },
            None => Names { left: 0, rest },
        }
    }

    /// The primary name: the one that the place's own country uses.
    pub fn name(&self, id: PlaceId) -> &str {
        self.names(id).next().map_or("", |n| n.text)
    }

    /// The name that a language uses; the primary one where it has none of its own.
    pub fn canonical(&self, id: PlaceId, lang: Lang) -> &str {
        self.names(id)
            .find(|n| n.class == NameClass::Canonical && n.langs.has(lang))
            .map_or_else(|| self.name(id), |n| n.text)
    }

    /// The canonical name in each language that has one, in the order of [`Lang::ALL`].
    pub fn exonyms(&self, id: PlaceId) -> impl Iterator<Item = (Lang, &str)> {
        Lang::ALL.iter().filter_map(move |&lang| {
            self.names(id).find(|n| n.class == NameClass::Canonical && n.langs.has(lang)).map(|n| (lang, n.text))
        })
    }

    /// The areas in which a place lies beside its administrative parents (Mälardalen, Norden).
    pub fn areas(&self, id: PlaceId) -> impl Iterator<Item = PlaceId> + '_ {
        let list = (id.0 < self.places)
            .then(|| read_u32(self.data, self.records + RECORD * id.0 as usize + 16))
            .flatten()
            .filter(|&at| at != NONE)
            .and_then(|at| self.data.get(self.areas + at as usize..))
            .unwrap_or(&[]);
        let n = list.first().copied().unwrap_or(0) as usize;
        (0..n).filter_map(move |i| read_u32(list, 1 + 4 * i).map(PlaceId))
    }

    /// The administrative parents, nearest first, without the place itself.
    pub fn chain(&self, id: PlaceId) -> impl Iterator<Item = PlaceId> + '_ {
        let mut at = id;
        (0..DEPTH_MAX).map_while(move |_| {
            at = self.place(at)?.parent?;
            Some(at)
        })
    }

    /// Every region that holds the place, nearest first (breadth first over parents and areas), without itself.
    pub fn containers(&self, id: PlaceId) -> Vec<PlaceId> {
        let (mut found, mut next) = (vec![id], 0);
        while let Some(&at) = found.get(next) {
            next += 1;
            if next > 64 {
                break;
            }
            let parent = self.place(at).and_then(|p| p.parent);
            for up in parent.into_iter().chain(self.areas(at)) {
                if !found.contains(&up) {
                    found.push(up);
                }
            }
        }
        found.remove(0);
        found
    }

    /// Whether `a` lies in `b`, at any depth. A place does not lie in itself.
    pub fn inside(&self, a: PlaceId, b: PlaceId) -> bool {
        a != b && self.containers(a).contains(&b)
    }

    /// A country by a name of it in any language, or by its code in capitals.
    pub fn country(&self, name: &str) -> Option<Place> {
        self.places(name).map(|c| c.place).find(|p| p.ty == Type::Country).or_else(|| {
            // countries lead the records, in the order of their codes
            let code = Country(name.as_bytes().try_into().ok()?);
            let all = (0..self.places).map_while(|i| self.place(PlaceId(i)).filter(|p| p.ty == Type::Country));
            all.take_while(|p| p.country <= Some(code)).find(|p| p.country == Some(code))
        })
    }

    fn candidates(&self, hit: Hit, written: Written) -> Candidates<'_> {
        let skip = (hit.flags & FIRST != 0) as usize + (hit.flags & SURNAME != 0) as usize;
        let rest = if hit.flags & PLACES != 0 { hit.payload.get(skip..).unwrap_or(&[]) } else { &[] };
        Candidates { lexicon: self, rest, common: hit.flags & COMMON != 0, written }
    }

    /// The entry of a folded key.
    fn find(&self, key: &[u8]) -> Option<Hit> {
        // the last block whose first key is not after this one
        let (mut low, mut high) = (0, self.blocks);
        while low < high {
            let mid = low + (high - low) / 2;
            let head = Entry::read(self.block(mid)?)?;
            if head.rest <= key { low = mid + 1 } else { high = mid }
        }
        let mut bytes = self.block(low.checked_sub(1)?)?;
        // how much of the key the last entry passed shares with it
        let mut same = 0;
        for _ in 0..16 {
            let e = Entry::read(bytes)?;
            match e.shared.cmp(&same) {
                Ordering::Less => return None,
                Ordering::Greater => {}
                Ordering::Equal => {
                    let wanted = key.get(same..)?;
                    let n = e.rest.iter().zip(wanted).take_while(|(a, b)| a == b).count();
                    match (n == e.rest.len(), n == wanted.len()) {
                        (true, true) => return Some(Hit { flags: e.flags, payload: e.payload }),
                        (false, true) => return None,
                        (false, false) if e.rest[n] > wanted[n] => return None,
                        _ => same += n,
                    }
                }
            }
            bytes = bytes.get(e.len..)?;
        }
        None
    }

    fn block(&self, i: usize) -> Option<&'static [u8]> {
        let at = read_u32(self.data, self.index + 4 * i)?;
        self.data.get(self.keys + at as usize..)
    }
}

/// One entry of a block.
struct Entry {
    shared: usize,
    rest: &'static [u8],
    flags: u8,
    payload: &'static [u8],
    len: usize,
}

impl Entry {
    fn read(bytes: &'static [u8]) -> Option<Entry> {
        let (shared, n) = (*bytes.first()? as usize, *bytes.get(1)? as usize);
        let rest = bytes.get(2..2 + n)?;
        let flags = *bytes.get(2 + n)?;
        let m = *bytes.get(3 + n)? as usize;
        Some(Entry { shared, rest, flags, payload: bytes.get(4 + n..4 + n + m)?, len: 4 + n + m })
    }
}

/// A folded key in the making, on the stack.
struct Key {
    bytes: [u8; KEY_MAX],
    len: usize,
    full: bool,
}

impl Key {
    const fn new() -> Key {
        Key { bytes: [0; KEY_MAX], len: 0, full: false }
    }

    /// Adds a word after a space, folded.
    fn push(&mut self, word: &str) {
        if self.len > 0 {
            self.put(" ");
        }
        let mut buffer = [0; 4];
        for c in fold(word) {
            self.put(c.encode_utf8(&mut buffer));
        }
    }

    fn put(&mut self, s: &str) {
        match self.bytes.get_mut(self.len..self.len + s.len()) {
            Some(slot) => {
                slot.copy_from_slice(s.as_bytes());
                self.len += s.len();
            }
            None => self.full = true,
        }
    }

    fn get(&self) -> Option<&[u8]> {
        (!self.full && self.len > 0).then(|| &self.bytes[..self.len])
    }
}

/// A name as the caller wrote it, to compare spellings: a hash of its letters without spaces and stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Written(u64);

impl Written {
    fn of(name: &str) -> Written {
        Written::of_words(&[name])
    }

    fn of_words(words: &[&str]) -> Written {
        let mut h = 0xcbf2_9ce4_8422_2325u64;
        for b in words.iter().flat_map(|w| w.bytes()).filter(|b| !matches!(b, b' ' | b'.' | b'\n' | b'\t')) {
            h = (h ^ b as u64).wrapping_mul(0x100_0000_01b3);
        }
        Written(h)
    }
}

/// The candidates of a name, best first.
#[derive(Debug, Clone)]
pub struct Candidates<'l> {
    lexicon: &'l Lexicon,
    rest: &'static [u8],
    common: bool,
    written: Written,
}

impl<'l> Iterator for Candidates<'l> {
    type Item = Candidate<'l>;

    fn next(&mut self) -> Option<Candidate<'l>> {
        let (mut id, mut shift) = (0u32, 0);
        loop {
            let (&b, rest) = self.rest.split_first()?;
            self.rest = rest;
            id |= ((b & 0x7f) as u32).checked_shl(shift)?;
            shift += 7;
            if b < 0x80 {
                break;
            }
        }
        let (&which, rest) = self.rest.split_first()?;
        self.rest = rest;
        let name = self.lexicon.names(PlaceId(id)).nth(which as usize)?;
        let exact = Written::of(name.text) == self.written;
        Some(Candidate { place: self.lexicon.place(PlaceId(id))?, name, exact, common_word: self.common })
    }
}

/// The names of a place.
#[derive(Debug, Clone)]
pub struct Names<'l> {
    left: u8,
    rest: &'l [u8],
}

impl<'l> Iterator for Names<'l> {
    type Item = Name<'l>;

    fn next(&mut self) -> Option<Name<'l>> {
        self.left = self.left.checked_sub(1)?;
        let [langs, class, n, rest @ ..] = self.rest else { return None };
        let text = std::str::from_utf8(rest.get(..*n as usize)?).ok()?;
        self.rest = &rest[*n as usize..];
        let class = match class {
            0 => NameClass::Canonical,
            1 => NameClass::Alias,
            2 => NameClass::Historical,
            _ => NameClass::Plain,
        };
        Some(Name { text, langs: Langs(langs & !Langs::OTHER), class })
    }
}

fn read_u32(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(data.get(at..at.checked_add(4)?)?.try_into().ok()?))
}
