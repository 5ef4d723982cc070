//! The tree as text again: what `explain` shows of a question, and how two expressions are compared.
//!
//! The text parses to the same tree, places apart. `{}` gives one line, `{:#}` one line for each clause.

use std::fmt::{self, Display, Formatter, Write};

use super::*;

/// A name between backticks where it needs them; `variable` reserves some words more.
struct Quoted<'a>(&'a str, bool);

/// Words that stand for something else where a variable is expected.
const RESERVED: [&str; 26] = [
    "match", "where", "return", "with", "unwind", "union", "create", "merge", "delete", "remove", "call", "and", "or",
    "xor", "not", "in", "is", "null", "true", "false", "case", "when", "then", "else", "as", "distinct",
];

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Quoted(name, variable) = self;
        let mut chars = name.chars();
        let plain =
            chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_' || !c.is_ascii() && c.is_alphabetic())
                && chars.all(|c| c.is_ascii_alphanumeric() || c == '_' || !c.is_ascii() && c.is_alphabetic());
        let reserved = *variable && RESERVED.iter().any(|word| word.eq_ignore_ascii_case(name));
        if plain && !reserved { f.write_str(name) } else { write!(f, "`{}`", name.replace('`', "``")) }
    }
}

/// Between single quotes, with escapes.
struct Text<'a>(&'a str);

impl Display for Text<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_char('\'')?;
        for c in self.0.chars() {
            match c {
                '\'' => f.write_str("\\'")?,
                '\\' => f.write_str("\\\\")?,
                '\n' => f.write_str("\\n")?,
                '\r' => f.write_str("\\r")?,
                '\t' => f.write_str("\\t")?,
                c if c.is_control() => write!(f, "\\u{:04X}", u32::from(c))?,
                c => f.write_char(c)?,
            }
        }
        f.write_char('\'')
    }
}

fn variable(name: &Name) -> Quoted<'_> {
    Quoted(&name.text, true)
}

fn key(name: &Name) -> Quoted<'_> {
    Quoted(&name.text, false)
}

fn joined<T: Display>(f: &mut Formatter<'_>, items: impl IntoIterator<Item = T>, separator: &str) -> fmt::Result {
    for (i, item) in items.into_iter().enumerate() {
        if i > 0 {
            f.write_str(separator)?;
        }
        write!(f, "{item}")?;
    }
    Ok(())
}

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let line = if f.alternate() { "\n" } else { " " };
        for (i, part) in self.parts.iter().enumerate() {
            if let Some(union) = i.checked_sub(1).and_then(|i| self.unions.get(i)) {
                write!(f, "{line}UNION{}{line}", if union.all { " ALL" } else { "" })?;
            }
            joined(f, &part.clauses, line)?;
        }
        Ok(())
    }
}

impl Display for Clause {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.keyword())?;
        let filter = |f: &mut Formatter<'_>, filter: &Option<Expr>| match filter {
            Some(filter) => write!(f, " WHERE {filter}"),
            None => Ok(()),
        };
        match self {
            Clause::Match(c) => {
                joined(f, &c.patterns, ", ")?;
                filter(f, &c.filter)
            }
            Clause::Unwind(c) => write!(f, "{} AS {}", c.list, variable(&c.variable)),
            Clause::With(c) => {
                write!(f, "{}", c.projection)?;
                filter(f, &c.filter)
            }
            Clause::Return(c) => write!(f, "{c}"),
            Clause::Create(c) => joined(f, &c.patterns, ", "),
            Clause::Merge(c) => {
                write!(f, "{}", c.pattern)?;
                for (word, items) in [("CREATE", &c.on_create), ("MATCH", &c.on_match)] {
                    if !items.is_empty() {
                        write!(f, " ON {word} SET ")?;
                        joined(f, items, ", ")?;
                    }
                }
                Ok(())
            }
            Clause::Delete(c) => joined(f, &c.targets, ", "),
            Clause::Set(c) => joined(f, &c.items, ", "),
            Clause::Remove(c) => joined(f, &c.items, ", "),
            Clause::Call(c) => {
                joined(f, c.procedure.text.split('.').map(|part| Quoted(part, false)), ".")?;
                if let Some(arguments) = &c.arguments {
                    f.write_char('(')?;
                    joined(f, arguments, ", ")?;
                    f.write_char(')')?;
                }
                if c.yield_all.is_some() {
                    f.write_str(" YIELD *")?;
                }
                for (i, (field, alias)) in c.yields.iter().enumerate() {
                    write!(f, "{}{}", if i == 0 { " YIELD " } else { ", " }, variable(field))?;
                    if let Some(alias) = alias {
                        write!(f, " AS {}", variable(alias))?;
                    }
                }
                filter(f, &c.filter)
            }
        }
    }
}

impl Display for Projection {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.distinct {
            f.write_str("DISTINCT ")?;
        }
        if self.star.is_some() {
            f.write_str(if self.items.is_empty() { "*" } else { "*, " })?;
        }
        joined(f, &self.items, ", ")?;
        for (i, item) in self.order.iter().enumerate() {
            f.write_str(if i == 0 { " ORDER BY " } else { ", " })?;
            write!(f, "{}{}", item.expr, if item.descending { " DESC" } else { "" })?;
        }
        if let Some(skip) = &self.skip {
            write!(f, " SKIP {skip}")?;
        }
        match &self.limit {
            Some(limit) => write!(f, " LIMIT {limit}"),
            None => Ok(()),
        }
    }
}

impl Display for ProjectionItem {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.expr)?;
        match &self.alias {
            Some(alias) => write!(f, " AS {}", variable(alias)),
            None => Ok(()),
        }
    }
}

impl Display for SetItem {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            SetItem::Property { target, key: k, value } => write!(f, "{}.{} = {value}", At(target, ACCESS), key(k)),
            SetItem::Replace { target, value } => write!(f, "{} = {value}", variable(target)),
            SetItem::Extend { target, value } => write!(f, "{} += {value}", variable(target)),
            SetItem::Labels { target, labels } => write_labels(f, target, labels),
        }
    }
}

impl Display for RemoveItem {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            RemoveItem::Property { target, key: k } => write!(f, "{}.{}", At(target, ACCESS), key(k)),
            RemoveItem::Labels { target, labels } => write_labels(f, target, labels),
        }
    }
}

fn write_labels(f: &mut Formatter<'_>, target: &Name, labels: &[Name]) -> fmt::Result {
    write!(f, "{}", variable(target))?;
    labels.iter().try_for_each(|label| write!(f, ":{}", key(label)))
}

impl Display for PathPattern {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(name) = &self.variable {
            write!(f, "{} = ", variable(name))?;
        }
        match self.selector.map(|s| s.kind) {
            None => {}
            Some(SelectorKind::All) => f.write_str("ALL ")?,
            Some(SelectorKind::Any(1)) => f.write_str("ANY ")?,
            Some(SelectorKind::Any(k)) => write!(f, "ANY {k} ")?,
            Some(SelectorKind::Shortest(1)) => f.write_str("ANY SHORTEST ")?,
            Some(SelectorKind::Shortest(k)) => write!(f, "SHORTEST {k} ")?,
            Some(SelectorKind::AllShortest) => f.write_str("ALL SHORTEST ")?,
            Some(SelectorKind::ShortestGroups(k)) => write!(f, "SHORTEST {k} ")?,
        }
        match self.mode {
            None => {}
            Some(PathMode::Walk) => f.write_str("WALK ")?,
            Some(PathMode::Trail) => f.write_str("TRAIL ")?,
            Some(PathMode::Acyclic) => f.write_str("ACYCLIC ")?,
            Some(PathMode::Simple) => f.write_str("SIMPLE ")?,
        }
        if matches!(self.selector, Some(Selector { kind: SelectorKind::ShortestGroups(_), .. })) {
            f.write_str("GROUPS ")?;
        }
        match &self.filter {
            Some(filter) => write!(f, "({} WHERE {filter})", Chain(&self.start, &self.steps)),
            None => write!(f, "{}", Chain(&self.start, &self.steps)),
        }
    }
}

/// A node and the steps from it.
struct Chain<'a>(&'a NodePattern, &'a [Step]);

impl Display for Chain<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        for step in self.1 {
            match &step.link {
                Link::Relationship(relationship) => write!(f, "{relationship}")?,
                Link::Group(group) => {
                    write!(f, "({}", Chain(&group.start, &group.steps))?;
                    if let Some(filter) = &group.filter {
                        write!(f, " WHERE {filter}")?;
                    }
                    write!(f, "){}", group.quantifier)?;
                }
            }
            write!(f, "{}", step.node)?;
        }
        Ok(())
    }
}

impl Display for Quantifier {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match (self.min, self.max) {
            (0, None) => f.write_str("*"),
            (1, None) => f.write_str("+"),
            (min, None) => write!(f, "{{{min},}}"),
            (min, Some(max)) if min == max => write!(f, "{{{min}}}"),
            (min, Some(max)) => write!(f, "{{{min},{max}}}"),
        }
    }
}

impl Display for NodePattern {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.implied {
            return Ok(());
        }
        f.write_char('(')?;
        inside(
            f,
            self.variable.as_ref(),
            self.labels.as_ref(),
            None,
            self.properties.as_deref(),
            self.filter.as_deref(),
        )?;
        f.write_char(')')
    }
}

impl Display for RelationshipPattern {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(if self.direction == Arrow::Left { "<-" } else { "-" })?;
        // A repetition whose end comes before its beginning can only be written inside the brackets.
        let (inner, outer) = match self.quantifier {
            Some(Quantifier { min, max: Some(max), .. }) if max < min => (Some((min, max)), None),
            other => (None, other),
        };
        let bare =
            self.variable.is_none() && self.types.is_none() && self.properties.is_none() && self.filter.is_none();
        if !bare || inner.is_some() {
            f.write_char('[')?;
            inside(
                f,
                self.variable.as_ref(),
                self.types.as_ref(),
                inner,
                self.properties.as_deref(),
                self.filter.as_deref(),
            )?;
            f.write_char(']')?;
        }
        f.write_str(if self.direction == Arrow::Right { "->" } else { "-" })?;
        match outer {
            Some(quantifier) => write!(f, "{quantifier}"),
            None => Ok(()),
        }
    }
}

fn inside(
    f: &mut Formatter<'_>,
    name: Option<&Name>,
    labels: Option<&LabelExpr>,
    range: Option<(u32, u32)>,
    properties: Option<&Expr>,
    filter: Option<&Expr>,
) -> fmt::Result {
    let mut space = "";
    if let Some(name) = name {
        write!(f, "{}", variable(name))?;
        space = " ";
    }
    if let Some(labels) = labels {
        write!(f, ":{labels}")?;
        space = " ";
    }
    if let Some((min, max)) = range {
        write!(f, "*{min}..{max}")?;
        space = " ";
    }
    if let Some(properties) = properties {
        write!(f, "{space}{properties}")?;
        space = " ";
    }
    match filter {
        Some(filter) => write!(f, "{space}WHERE {filter}"),
        None => Ok(()),
    }
}

impl Display for LabelExpr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let nested = |part: &LabelExpr| match part {
            LabelExpr::And(_) | LabelExpr::Or(_) => format!("({part})"),
            part => part.to_string(),
        };
        match self {
            LabelExpr::Name(name) => write!(f, "{}", key(name)),
            LabelExpr::Any(_) => f.write_char('%'),
            LabelExpr::Not(inner, _) => write!(f, "!{}", nested(inner)),
            LabelExpr::And(parts) => joined(f, parts.iter().map(nested), "&"),
            LabelExpr::Or(parts) => joined(f, parts.iter().map(nested), "|"),
        }
    }
}

/// How tightly an expression binds; the numbers of the parser's ladder.
fn power(expr: &Expr) -> u8 {
    match &expr.kind {
        ExprKind::Logical(LogicalOp::Or, _) => 1,
        ExprKind::Logical(LogicalOp::Xor, _) => 2,
        ExprKind::Logical(LogicalOp::And, _) => 3,
        ExprKind::Unary(UnaryOp::Not, _) => 4,
        ExprKind::Comparison { .. } => 5,
        ExprKind::IsNull { .. } => 6,
        ExprKind::Binary(op, ..) => match op {
            BinaryOp::Add | BinaryOp::Subtract => 7,
            BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Modulo => 8,
            BinaryOp::Power => 9,
            _ => 6,
        },
        ExprKind::Unary(..) => 10,
        ExprKind::Integer(n) if *n < 0 => 10,
        ExprKind::Float(n) if n.is_sign_negative() => 10,
        _ => ACCESS,
    }
}

/// Above every operator: what can be accessed without parentheses.
const ACCESS: u8 = 11;

/// An expression where something of this power is needed: in parentheses if it binds less tightly.
struct At<'a>(&'a Expr, u8);

impl Display for At<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if power(self.0) < self.1 { write!(f, "({})", self.0) } else { write!(f, "{}", self.0) }
    }
}

impl BinaryOp {
    /// The operator as written.
    pub const fn sign(self) -> &'static str {
        match self {
            BinaryOp::Add => "+",
            BinaryOp::Subtract => "-",
            BinaryOp::Multiply => "*",
            BinaryOp::Divide => "/",
            BinaryOp::Modulo => "%",
            BinaryOp::Power => "^",
            BinaryOp::In => "IN",
            BinaryOp::StartsWith => "STARTS WITH",
            BinaryOp::EndsWith => "ENDS WITH",
            BinaryOp::Contains => "CONTAINS",
            BinaryOp::Matches => "=~",
            BinaryOp::SameName => "~",
        }
    }
}

impl LogicalOp {
    /// The operator as written.
    pub const fn sign(self) -> &'static str {
        match self {
            LogicalOp::And => "AND",
            LogicalOp::Or => "OR",
            LogicalOp::Xor => "XOR",
        }
    }
}

impl CompareOp {
    /// The operator as written.
    pub const fn sign(self) -> &'static str {
        match self {
            CompareOp::Equal => "=",
            CompareOp::NotEqual => "<>",
            CompareOp::Less => "<",
            CompareOp::LessOrEqual => "<=",
            CompareOp::Greater => ">",
            CompareOp::GreaterOrEqual => ">=",
        }
    }
}

impl QuantifiedKind {
    /// The function as written.
    pub const fn word(self) -> &'static str {
        match self {
            QuantifiedKind::All => "all",
            QuantifiedKind::Any => "any",
            QuantifiedKind::None => "none",
            QuantifiedKind::Single => "single",
        }
    }
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let own = power(self);
        let optional = |f: &mut Formatter<'_>, before: &str, expr: &Option<Box<Expr>>| match expr {
            Some(expr) => write!(f, "{before}{expr}"),
            None => Ok(()),
        };
        match &self.kind {
            ExprKind::Null => f.write_str("null"),
            ExprKind::Bool(value) => write!(f, "{value}"),
            ExprKind::Integer(value) => write!(f, "{value}"),
            ExprKind::Float(value) => write!(f, "{value:?}"),
            ExprKind::String(text) => write!(f, "{}", Text(text)),
            ExprKind::Parameter(name) if name.text.bytes().all(|b| b.is_ascii_digit()) => write!(f, "${}", name.text),
            ExprKind::Parameter(name) => write!(f, "${}", key(name)),
            ExprKind::Variable(name) => write!(f, "{}", variable(name)),
            ExprKind::List(items) => {
                f.write_char('[')?;
                joined(f, items, ", ")?;
                f.write_char(']')
            }
            ExprKind::Map(entries) => {
                f.write_char('{')?;
                joined(f, entries.iter().map(|(name, value)| format!("{}: {value}", key(name))), ", ")?;
                f.write_char('}')
            }
            ExprKind::MapProjection { subject, items } => {
                write!(f, "{} {{", variable(subject))?;
                joined(f, items, ", ")?;
                f.write_char('}')
            }
            ExprKind::Property(of, name) => write!(f, "{}.{}", At(of, ACCESS), key(name)),
            ExprKind::Index(of, index) => write!(f, "{}[{index}]", At(of, ACCESS)),
            ExprKind::Slice { list, from, to } => {
                write!(f, "{}[", At(list, ACCESS))?;
                optional(f, "", from)?;
                f.write_str("..")?;
                optional(f, "", to)?;
                f.write_char(']')
            }
            ExprKind::HasLabels(of, labels @ LabelExpr::Or(_)) => write!(f, "{}:({labels})", At(of, ACCESS)),
            ExprKind::HasLabels(of, labels) => write!(f, "{}:{labels}", At(of, ACCESS)),
            ExprKind::Unary(UnaryOp::Not, inner) => write!(f, "NOT {}", At(inner, own)),
            // Two minus signs would be an arrow, and one before a number belongs to the number.
            ExprKind::Unary(UnaryOp::Minus, inner) => match inner.kind {
                ExprKind::Integer(_) | ExprKind::Float(_) | ExprKind::Unary(..) => write!(f, "-({inner})"),
                _ => write!(f, "-{}", At(inner, own)),
            },
            ExprKind::Unary(UnaryOp::Plus, inner) => write!(f, "+{}", At(inner, own)),
            ExprKind::Binary(op, left, right) => {
                write!(f, "{} {} {}", At(left, own), op.sign(), At(right, own + 1))
            }
            ExprKind::Logical(op, operands) => {
                joined(f, operands.iter().map(|o| At(o, own + 1)), &format!(" {} ", op.sign()))
            }
            ExprKind::Comparison { first, rest } => {
                write!(f, "{}", At(first, own + 1))?;
                rest.iter().try_for_each(|(op, right)| write!(f, " {} {}", op.sign(), At(right, own + 1)))
            }
            ExprKind::IsNull { expr, negated } => {
                write!(f, "{} IS {}NULL", At(expr, own), if *negated { "NOT " } else { "" })
            }
            ExprKind::Case { subject, branches, otherwise } => {
                f.write_str("CASE")?;
                optional(f, " ", subject)?;
                branches.iter().try_for_each(|(when, then)| write!(f, " WHEN {when} THEN {then}"))?;
                optional(f, " ELSE ", otherwise)?;
                f.write_str(" END")
            }
            ExprKind::Function { name, distinct, arguments } => {
                joined(f, name.text.split('.').map(|part| Quoted(part, true)), ".")?;
                f.write_str(if *distinct { "(DISTINCT " } else { "(" })?;
                joined(f, arguments, ", ")?;
                f.write_char(')')
            }
            ExprKind::CountStar => f.write_str("count(*)"),
            ExprKind::ListComprehension { variable: name, list, filter, map } => {
                write!(f, "[{} IN {list}", variable(name))?;
                optional(f, " WHERE ", filter)?;
                optional(f, " | ", map)?;
                f.write_char(']')
            }
            ExprKind::PatternComprehension { pattern, filter, map } => {
                write!(f, "[{pattern}")?;
                optional(f, " WHERE ", filter)?;
                write!(f, " | {map}]")
            }
            ExprKind::Quantified { kind, variable: name, list, filter } => {
                write!(f, "{}({} IN {list} WHERE {filter})", kind.word(), variable(name))
            }
            ExprKind::Reduce { accumulator, start, variable: name, list, step } => {
                write!(f, "reduce({} = {start}, {} IN {list} | {step})", variable(accumulator), variable(name))
            }
            ExprKind::Exists(body) => write!(f, "EXISTS {{ {body} }}"),
            ExprKind::Count(body) => write!(f, "COUNT {{ {body} }}"),
            ExprKind::Collect(query) => write!(f, "COLLECT {{ {query} }}"),
            ExprKind::PatternPredicate(pattern) => {
                let plain = pattern.filter.is_none()
                    && pattern.relationships().count() == pattern.steps.len()
                    && pattern.nodes().all(|node| !node.implied);
                if plain { write!(f, "{pattern}") } else { write!(f, "EXISTS {{ {pattern} }}") }
            }
            ExprKind::ShortestPath(pattern) => {
                let all = matches!(pattern.selector, Some(Selector { kind: SelectorKind::AllShortest, .. }));
                let chain = Chain(&pattern.start, &pattern.steps);
                write!(f, "{}({chain})", if all { "allShortestPaths" } else { "shortestPath" })
            }
        }
    }
}

impl Display for MapItem {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            MapItem::Property(name) => write!(f, ".{}", key(name)),
            MapItem::All(_) => f.write_str(".*"),
            MapItem::Variable(name) => write!(f, "{}", variable(name)),
            MapItem::Entry(name, value) => write!(f, "{}: {value}", key(name)),
        }
    }
}

impl Display for Subquery {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Subquery::Pattern { patterns, filter } => {
                joined(f, patterns, ", ")?;
                match filter {
                    Some(filter) => write!(f, " WHERE {filter}"),
                    None => Ok(()),
                }
            }
            Subquery::Query(query) => write!(f, "{query}"),
        }
    }
}
