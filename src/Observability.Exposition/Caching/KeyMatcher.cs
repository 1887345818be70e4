using System.Runtime.CompilerServices;

namespace Observability.Exposition;

/// <summary>Compares lines with keys of the previous page, type of the family included.</summary>
internal sealed class KeyMatcher(TextArena texts, FamilyType types)
{
    private const uint NoFamily = uint.MaxValue;

    private uint _confirmed = NoFamily;

    /// <summary>To be called whenever the types may have changed, and when a page begins: offsets do not outlive one.</summary>
    internal void Forget() => _confirmed = NoFamily;

    /// <returns>The key's length, where the line starts with it and a blank stands behind it; else 0.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Match(in RowEntry entry, ReadOnlySpan<byte> line)
    {
        if (entry.Family != _confirmed && !Confirm(entry)) return 0;
        ReadOnlySpan<byte> name = texts[entry.NameOffset];
        ReadOnlySpan<byte> labels = texts[entry.LabelOffset];
        int length = name.Length + labels.Length;
        if (length >= line.Length || line[length] != ' ' || !line.StartsWith(name) || !line[name.Length..].StartsWith(labels)) return 0;
        return labels.IsEmpty && LabelsFollow(line, length) ? 0 : length;
    }

    // "up {a="b"} 1" is no row of "up": the text format allows blanks in front of the brace.
    private static bool LabelsFollow(ReadOnlySpan<byte> line, int at)
    {
        at = RowParser.SkipBlanks(line, at);
        return at < line.Length && line[at] == '{';
    }

    // Whether rows of this name still have the type they had; asked once per family.
    private bool Confirm(in RowEntry entry)
    {
        ReadOnlySpan<byte> name = texts[entry.NameOffset];
        if (name.IsEmpty || types.Of(name) != entry.Type) return false;    // a quoted name stands within the labels
        _confirmed = entry.Family;
        return true;
    }
}
