namespace Observability.Exposition;

/// <summary>The labels of a row that was found good, in the order of the page, without its name. Works in <c>foreach</c>.</summary>
public ref struct LabelEnumerator
{
    private readonly LabelScratch _scratch;
    private ReadOnlySpan<byte> _rest;
    private ReadOnlySpan<byte> _name;
    private ReadOnlySpan<byte> _value;

    // text: what stands between the braces
    internal LabelEnumerator(ReadOnlySpan<byte> text, LabelScratch scratch)
    {
        _rest = text;
        _scratch = scratch;
    }

    public readonly LabelText Current => new(_name, _value);

    public readonly LabelEnumerator GetEnumerator() => this;

    public bool MoveNext()
    {
        while (true)
        {
            ReadOnlySpan<byte> rest = _rest.TrimStart(" \t,"u8);
            if (rest.IsEmpty)
            {
                _rest = rest;
                return false;
            }

            bool quoted = rest[0] == '"';
            int nameEnd = quoted ? RowParser.QuoteEnd(rest, 1) : rest.IndexOfAny("= \t"u8);
            ReadOnlySpan<byte> name = quoted ? rest[1..nameEnd] : rest[..nameEnd];
            rest = rest[(quoted ? nameEnd + 1 : nameEnd)..].TrimStart(" \t"u8);
            if (rest.IsEmpty || rest[0] != '=')
            {
                _rest = rest;    // the quoted name of the series itself
                continue;
            }

            rest = rest[(rest.IndexOf((byte)'"') + 1)..];
            int valueEnd = RowParser.QuoteEnd(rest, 0);
            ReadOnlySpan<byte> value = rest[..valueEnd];
            _rest = rest[(valueEnd + 1)..];
            Take(name, value);
            return true;
        }
    }

    private void Take(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        bool nameEscaped = name.Contains((byte)'\\');
        bool valueEscaped = value.Contains((byte)'\\');
        _name = name;
        _value = value;
        if (!nameEscaped && !valueEscaped) return;

        Span<byte> room = _scratch.ForLabel(name.Length + value.Length);
        if (nameEscaped) _name = room[..Escapes.Unescape(name, room)];
        room = room[name.Length..];
        if (valueEscaped) _value = room[..Escapes.Unescape(value, room)];
    }
}
