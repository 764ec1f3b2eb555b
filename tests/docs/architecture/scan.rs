//! What one file of Rust says about modules: which paths it names, what it imports, what it declares. Comments, texts and what is
//! compiled for tests alone are left out. Knows nothing of other files.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A module by its names from the root of the crate.
pub(crate) type Module = Vec<String>;

/// A path, and the module in which it is written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Written {
    pub(crate) module: Module,
    pub(crate) path: Vec<String>,
}

#[derive(Debug)]
pub(crate) struct Import {
    pub(crate) written: Written,
    /// The name that it has here; none of `*`.
    pub(crate) name: Option<String>,
    /// With `pub` of any kind: it is there for others.
    pub(crate) is_public: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Scan {
    pub(crate) paths: Vec<Written>,
    pub(crate) imports: Vec<Import>,
    /// Modules with a body in this file.
    pub(crate) inline: BTreeSet<Module>,
    /// The items by module and name.
    pub(crate) items: BTreeSet<(Module, String)>,
    /// The names of its macros: exported, they stand in the root.
    pub(crate) macros: BTreeSet<String>,
    /// Every word outside of imports.
    pub(crate) words: BTreeSet<String>,
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Mark(char),
    Open(Delimiter),
    Close(Delimiter),
    Literal,
}

/// Reads the text of the file that is this module.
pub(crate) fn scan(module: &[String], text: &str) -> Scan {
    let mut tokens = Vec::new();
    flatten(text.parse().expect("the file is Rust"), &mut tokens);
    let mut reader =
        Reader { tokens, at: 0, module: module.to_vec(), open: Vec::new(), scan: Scan::default() };
    reader.read();
    reader.scan
}

/// The tokens in a row, without the items that only tests have.
fn flatten(stream: TokenStream, tokens: &mut Vec<Token>) {
    let mut trees = stream.into_iter().peekable();
    while let Some(tree) = trees.next() {
        match tree {
            TokenTree::Punct(mark) if mark.as_char() == '#' => {
                if trees.next_if(is_for_tests).is_some() {
                    let ends = |tree: &TokenTree| match tree {
                        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
                        tree => tree.to_string() == ";",
                    };
                    drop(trees.find(ends));
                }
            }
            TokenTree::Group(group) => {
                tokens.push(Token::Open(group.delimiter()));
                flatten(group.stream(), tokens);
                tokens.push(Token::Close(group.delimiter()));
            }
            TokenTree::Ident(word) => tokens.push(Token::Word(word.to_string())),
            TokenTree::Punct(mark) => tokens.push(Token::Mark(mark.as_char())),
            TokenTree::Literal(_) => tokens.push(Token::Literal),
        }
    }
}

/// Whether an attribute leaves its item to the tests.
pub(crate) fn is_for_tests(attribute: &TokenTree) -> bool {
    let text = attribute.to_string().replace(' ', "");
    text == "[cfg(test)]" || text.starts_with("[cfg(all(test,")
}

struct Reader {
    tokens: Vec<Token>,
    at: usize,
    module: Module,
    /// For each open brace, whether it is that of a module.
    open: Vec<bool>,
    scan: Scan,
}

impl Reader {
    fn read(&mut self) {
        while let Some(token) = self.tokens.get(self.at).cloned() {
            match token {
                Token::Open(Delimiter::Brace) => self.open.push(false),
                Token::Close(Delimiter::Brace) if self.open.pop() == Some(true) => drop(self.module.pop()),
                Token::Word(word) if word == "use" && !self.is_mark(self.at + 1, '<') => {
                    self.import();
                    continue;
                }
                Token::Word(word) => self.word(word),
                _ => {}
            }
            self.at += 1;
        }
    }

    fn word(&mut self, word: String) {
        let next = self.word_at(self.at + 1);
        if let Some(name) = next.filter(|_| word == "mod") {
            if self.tokens.get(self.at + 2) == Some(&Token::Open(Delimiter::Brace)) {
                self.module.push(name);
                self.scan.inline.insert(self.module.clone());
                self.open.push(true);
                self.at += 1;
            }
            self.at += 1;
            return;
        }
        if word == "macro_rules"
            && let Some(name) = self.word_at(self.at + 2)
        {
            self.scan.macros.insert(name);
        }
        let declares = ["fn", "struct", "enum", "trait", "type", "const", "static", "union"];
        if let Some(name) = self.word_at(self.at + 1).filter(|_| declares.contains(&&*word)) {
            self.scan.items.insert((self.module.clone(), name));
        }
        let is_inner = self.at > 1 && self.is_path(self.at - 2);
        if !is_inner && self.is_path(self.at + 1) {
            let mut path = vec![word.clone()];
            let mut at = self.at;
            while self.is_path(at + 1)
                && let Some(next) = self.word_at(at + 3)
            {
                path.push(next);
                at += 3;
            }
            self.scan.paths.push(Written { module: self.module.clone(), path });
        }
        self.scan.words.insert(word);
    }

    /// Reads from `use` to its semicolon.
    fn import(&mut self) {
        let before = self.at.checked_sub(1).map(|at| &self.tokens[at]);
        let is_public = matches!(before, Some(Token::Word(word)) if word == "pub")
            || matches!(before, Some(Token::Close(Delimiter::Parenthesis)));
        self.at += 1;
        self.tree(Vec::new(), is_public);
    }

    /// Reads one tree of imports, up to what ends it.
    fn tree(&mut self, mut path: Vec<String>, is_public: bool) {
        let mut name = None;
        let (mut is_glob, mut is_whole) = (false, false);
        while let Some(token) = self.tokens.get(self.at).cloned() {
            match token {
                Token::Word(word) if word == "as" => {
                    name = self.word_at(self.at + 1);
                    self.at += 1;
                }
                Token::Word(word) if word == "self" && !path.is_empty() => is_whole = true,
                Token::Word(word) => {
                    path.push(word);
                    is_whole = true;
                }
                Token::Mark('*') => (is_glob, is_whole) = (true, true),
                Token::Open(_) => {
                    while self.tokens.get(self.at).is_some_and(|token| !matches!(token, Token::Close(_))) {
                        self.at += 1;
                        self.tree(path.clone(), is_public);
                    }
                    is_whole = false;
                }
                Token::Mark(';' | ',') | Token::Close(_) => break,
                _ => {}
            }
            self.at += 1;
        }
        if let Some(last) = path.last().filter(|_| is_whole) {
            let name = (!is_glob).then(|| name.unwrap_or_else(|| last.clone()));
            let written = Written { module: self.module.clone(), path };
            self.scan.imports.push(Import { written, name, is_public });
        }
    }

    fn word_at(&self, at: usize) -> Option<String> {
        match self.tokens.get(at) {
            Some(Token::Word(word)) => Some(word.clone()),
            _ => None,
        }
    }

    fn is_mark(&self, at: usize, mark: char) -> bool {
        self.tokens.get(at) == Some(&Token::Mark(mark))
    }

    /// Whether `::` is here.
    fn is_path(&self, at: usize) -> bool {
        self.is_mark(at, ':') && self.is_mark(at + 1, ':')
    }
}
