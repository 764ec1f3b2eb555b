//! Which file of a crate uses which: what a path means is looked up through imports, to the file that declares it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::scan::{Import, Module, Scan, Written, scan};

/// No name is handed on more often.
const MOST_HOPS: usize = 16;

/// A crate by its files, each of which has its path below `src` as its name.
pub(crate) struct Graph {
    files: Vec<String>,
    /// The file of each module.
    modules: BTreeMap<Module, usize>,
    scans: Vec<Scan>,
    /// The file of each macro that stands in the root for others.
    macros: BTreeMap<String, usize>,
}

/// One file uses what another one declares.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Use {
    pub(crate) from: String,
    pub(crate) to: String,
}

impl Graph {
    /// Reads every file of a folder `src`.
    pub(crate) fn read(src: &Path) -> Graph {
        Graph::of(texts(src))
    }

    pub(crate) fn of(texts: BTreeMap<String, String>) -> Graph {
        let (mut files, mut modules, mut scans) = (Vec::new(), BTreeMap::new(), Vec::new());
        let mut macros = BTreeMap::new();
        for (file, text) in texts {
            let module = module_of(&file);
            let scan = scan(&module, &text);
            modules.insert(module, files.len());
            modules.extend(scan.inline.iter().map(|inline| (inline.clone(), files.len())));
            macros.extend(scan.macros.iter().map(|name| (name.clone(), files.len())));
            files.push(file);
            scans.push(scan);
        }
        Graph { files, modules, scans, macros }
    }

    /// The uses between files. What a file only hands on, it does not use.
    pub(crate) fn uses(&self) -> BTreeSet<Use> {
        let mut uses = BTreeSet::new();
        for (file, scan) in self.scans.iter().enumerate() {
            let is_mentioned =
                |name: &Option<String>| name.as_ref().is_some_and(|name| scan.words.contains(name));
            let imports =
                scan.imports.iter().filter(|import| !import.is_public || is_mentioned(&import.name));
            let globs = scan.imports.iter().filter(|import| import.name.is_none() && !import.is_public);
            let written = imports.map(|import| &import.written).chain(&scan.paths);
            let found = written.filter_map(|written| self.declared(written, 0));
            let found = found.chain(globs.filter_map(|glob| self.module(&glob.written)));
            let (from, others) = (&self.files[file], found.filter(|found| *found != file));
            uses.extend(others.map(|to| Use { from: from.clone(), to: self.files[to].clone() }));
        }
        uses
    }

    /// The file that declares what a path names; none of a module or of another crate.
    fn declared(&self, written: &Written, hops: usize) -> Option<usize> {
        assert!(hops < MOST_HOPS, "{written:?} is handed on in a circle");
        let (mut module, rest) = self.start(written, hops)?;
        for (place, name) in rest.iter().enumerate() {
            module.push(name.clone());
            if self.modules.contains_key(&module) {
                continue;
            }
            module.pop();
            let file = *self.modules.get(&module)?;
            if self.scans[file].items.contains(&(module.clone(), name.clone())) {
                return Some(file);
            }
            if let Some(file) = self.macros.get(name).filter(|_| module.is_empty()) {
                return Some(*file);
            }
            let Some(import) = self.imported(&module, name) else { return Some(file) };
            let path = import.path.iter().chain(&rest[place + 1..]).cloned().collect();
            return self.declared(&Written { module: import.module, path }, hops + 1);
        }
        None
    }

    /// The file of the module that a path names.
    fn module(&self, written: &Written) -> Option<usize> {
        let (mut module, rest) = self.start(written, 0)?;
        module.extend(rest.iter().cloned());
        self.modules.get(&module).copied()
    }

    /// Where a path begins, and what is left of it.
    fn start<'w>(&self, written: &'w Written, hops: usize) -> Option<(Module, &'w [String])> {
        let mut module = written.module.clone();
        let (first, rest) = written.path.split_first()?;
        match first.as_str() {
            "crate" => Some((Vec::new(), rest)),
            "self" => Some((module, rest)),
            "super" => {
                module.pop();
                let more = rest.iter().take_while(|name| *name == "super").count();
                module.truncate(module.len().saturating_sub(more));
                Some((module, &rest[more..]))
            }
            name => {
                module.push(name.to_owned());
                if self.modules.contains_key(&module) {
                    return Some((module, rest));
                }
                let import =
                    self.imports(&written.module).find(|import| import.name.as_deref() == Some(name))?;
                if import.written == *written || hops >= MOST_HOPS {
                    return None;
                }
                // A name that stands for a module elsewhere.
                let (mut module, imported) = self.start(&import.written, hops + 1)?;
                module.extend(imported.iter().cloned());
                if self.modules.contains_key(&module) { Some((module, rest)) } else { None }
            }
        }
    }

    fn imports<'g>(&'g self, module: &'g Module) -> impl Iterator<Item = &'g Import> {
        let scan = self.modules.get(module).map(|file| &self.scans[*file]);
        let imports = scan.into_iter().flat_map(|scan| &scan.imports);
        imports.filter(move |import| import.written.module == *module)
    }

    /// What a name is an import of, in a module.
    fn imported(&self, module: &Module, name: &str) -> Option<Written> {
        if let Some(named) = self.imports(module).find(|import| import.name.as_deref() == Some(name)) {
            return Some(named.written.clone());
        }
        let declares = |written: &Written| {
            let glob = self.start(written, 0).map(|(module, rest)| [&module[..], rest].concat());
            glob.is_some_and(|glob| {
                let file = self.modules.get(&glob);
                file.is_some_and(|file| self.scans[*file].items.contains(&(glob, name.to_owned())))
            })
        };
        let glob = self.imports(module).find(|import| import.name.is_none() && declares(&import.written))?;
        let path = glob.written.path.iter().cloned().chain([name.to_owned()]).collect();
        Some(Written { module: module.clone(), path })
    }

    /// The circles inside of each folder but the root, between its files and folders. A circle is one whole: whatever uses each
    /// other over any number of steps.
    pub(crate) fn circles(&self) -> BTreeSet<Vec<String>> {
        let uses = self.uses();
        let folders = self.files.iter().flat_map(|file| Path::new(file).ancestors().skip(1));
        let folders: BTreeSet<&Path> = folders.filter(|folder| !folder.as_os_str().is_empty()).collect();
        folders.into_iter().flat_map(|folder| circles_in(folder, &uses)).collect()
    }
}

/// The text of each file of a folder `src`.
pub(crate) fn texts(src: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut folders = vec![src.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(src).unwrap().to_string_lossy().into_owned();
                files.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    files
}

/// The module that a file is.
fn module_of(file: &str) -> Module {
    let mut module: Module = file.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if module == ["lib"] || module.last().is_some_and(|last| last == "mod") {
        module.pop();
    }
    module
}

/// The file or folder inside of this folder that a file belongs to.
fn part(folder: &Path, file: &str) -> Option<String> {
    let inside = Path::new(file).strip_prefix(folder).ok()?;
    Some(folder.join(inside.iter().next()?).to_string_lossy().into_owned())
}

fn circles_in(folder: &Path, uses: &BTreeSet<Use>) -> Vec<Vec<String>> {
    let mut reached: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for Use { from, to } in uses {
        if let (Some(from), Some(to)) = (part(folder, from), part(folder, to))
            && from != to
        {
            reached.entry(from).or_default().insert(to);
        }
    }
    // Whatever is reached over one part more, until nothing is new.
    loop {
        let before = reached.clone();
        for further in reached.values_mut() {
            let over: Vec<&String> = further.iter().filter_map(|over| before.get(over)).flatten().collect();
            further.extend(over.into_iter().cloned().collect::<Vec<_>>());
        }
        if reached == before {
            break;
        }
    }
    let mut circles = Vec::new();
    let mut seen = BTreeSet::new();
    for (one, further) in &reached {
        if further.contains(one) && !seen.contains(one) {
            let back = |other: &&String| reached.get(*other).is_some_and(|all| all.contains(one));
            let circle: Vec<String> = further.iter().filter(back).cloned().collect();
            seen.extend(circle.iter().cloned());
            circles.push(circle);
        }
    }
    circles
}
