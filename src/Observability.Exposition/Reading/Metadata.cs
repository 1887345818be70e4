using System.Text.Unicode;

namespace Observability.Exposition;

/// <summary>A line that starts with <c>#</c>.</summary>
internal readonly ref struct Metadata
{
    private Metadata(EntryKind kind, ReadOnlySpan<byte> family, bool familyQuoted, ReadOnlySpan<byte> text, MetricType type)
    {
        Kind = kind;
        Family = family;
        FamilyEscaped = familyQuoted && family.Contains((byte)'\\');
        Text = text;
        Type = type;
    }

    internal EntryKind Kind { get; }

    /// <summary>As it stands on the page, its quotes apart.</summary>
    internal ReadOnlySpan<byte> Family { get; }

    private bool FamilyEscaped { get; }

    /// <summary>As it stands on the page.</summary>
    internal ReadOnlySpan<byte> Text { get; }

    internal MetricType Type { get; }

    internal static RowFault Parse(ReadOnlySpan<byte> line, bool openMetrics, ExpositionLimits limits, out Metadata metadata)
    {
        metadata = new Metadata(EntryKind.Comment, default, false, line, default);
        if (openMetrics && line.SequenceEqual("# EOF"u8))
        {
            metadata = new Metadata(EntryKind.Eof, default, false, default, default);
            return RowFault.None;
        }

        int at = openMetrics ? 2 : RowParser.SkipBlanks(line, 1);
        EntryKind kind = at == 1 || (openMetrics && !line.StartsWith("# "u8)) ? EntryKind.Comment : KindOf(line[at..], openMetrics);
        if (kind == EntryKind.Comment) return openMetrics ? RowFault.BadMetadata : RowFault.None;

        metadata = new Metadata(kind, default, false, line, default);    // should the line be bad, so is what it speaks of
        at += "TYPE ".Length;
        if (!openMetrics) at = RowParser.SkipBlanks(line, at);
        if (!TakeName(line, ref at, out ReadOnlySpan<byte> family, out bool quoted)) return RowFault.BadMetadata;
        if (family.Length > limits.MaxNameBytes) return RowFault.NameTooLong;
        bool parted = at < line.Length && (line[at] == ' ' || (line[at] == '\t' && !openMetrics));
        if (!parted && (openMetrics || at < line.Length)) return RowFault.BadMetadata;
        ReadOnlySpan<byte> text = parted ? line[(at + 1)..] : default;
        if (!openMetrics) text = kind == EntryKind.Type ? text.Trim(" \t"u8) : text.TrimStart(" \t"u8);

        MetricType type = default;
        if (kind == EntryKind.Type && !TryType(text, openMetrics, out type)) return RowFault.BadType;
        if (kind == EntryKind.Unit && !IsUnitOf(text, family)) return RowFault.BadUnit;
        if (!Utf8.IsValid(line)) return RowFault.InvalidUtf8;
        metadata = new Metadata(kind, family, quoted, text, type);
        return RowFault.None;
    }

    /// <summary>The family's name, in the scratch where it has escapes.</summary>
    internal ReadOnlySpan<byte> UnescapeFamily(LabelScratch scratch)
    {
        if (!FamilyEscaped) return Family;
        Span<byte> room = scratch.ForName(Family.Length);
        return room[..Escapes.Unescape(Family, room)];
    }

    /// <summary>The help text, in the scratch where it has escapes; other text as it stands.</summary>
    internal ReadOnlySpan<byte> UnescapeText(LabelScratch scratch, bool quotes)
    {
        if (Kind != EntryKind.Help || !Text.Contains((byte)'\\')) return Text;
        Span<byte> room = scratch.ForLabel(Text.Length);
        return room[..Escapes.Unescape(Text, room, quotes)];
    }

    private static EntryKind KindOf(ReadOnlySpan<byte> text, bool openMetrics)
    {
        if (text.Length < 5 || !(text[4] == ' ' || (text[4] == '\t' && !openMetrics))) return EntryKind.Comment;
        ReadOnlySpan<byte> word = text[..4];
        if (word.SequenceEqual("TYPE"u8)) return EntryKind.Type;
        if (word.SequenceEqual("HELP"u8)) return EntryKind.Help;
        return openMetrics && word.SequenceEqual("UNIT"u8) ? EntryKind.Unit : EntryKind.Comment;
    }

    private static bool TakeName(ReadOnlySpan<byte> line, scoped ref int at, out ReadOnlySpan<byte> name, scoped out bool quoted)
    {
        name = default;
        quoted = at < line.Length && line[at] == '"';
        if (quoted)
        {
            int end = RowParser.QuoteEnd(line, at + 1);
            if (end < 0) return false;
            name = line[(at + 1)..end];
            at = end + 1;
        }
        else
        {
            name = line.Slice(at, Names.MetricNameLength(line[at..]));
            at += name.Length;
        }
        return !name.IsEmpty;
    }

    private static bool TryType(ReadOnlySpan<byte> word, bool openMetrics, out MetricType type)
    {
        type = MetricType.Untyped;
        if (word.SequenceEqual("gauge"u8)) type = MetricType.Gauge;
        else if (word.SequenceEqual("counter"u8)) type = MetricType.Counter;
        else if (word.SequenceEqual("histogram"u8)) type = MetricType.Histogram;
        else if (word.SequenceEqual("summary"u8)) type = MetricType.Summary;
        else if (!openMetrics) return word.SequenceEqual("untyped"u8);
        else if (word.SequenceEqual("gaugehistogram"u8)) type = MetricType.GaugeHistogram;
        else if (word.SequenceEqual("info"u8)) type = MetricType.Info;
        else if (word.SequenceEqual("stateset"u8)) type = MetricType.StateSet;
        else return word.SequenceEqual("unknown"u8);
        return true;
    }

    // An empty unit says that there is none.
    private static bool IsUnitOf(ReadOnlySpan<byte> unit, ReadOnlySpan<byte> family) =>
        unit.IsEmpty || (family.EndsWith(unit) && family.Length > unit.Length && family[^(unit.Length + 1)] == '_');
}
