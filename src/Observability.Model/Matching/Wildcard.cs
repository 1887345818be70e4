namespace Observability.Model.Matching;

/// <summary>Texts with gaps of any characters between: <c>a.*b</c>.</summary>
internal sealed class Wildcard
{
    private readonly List<string> _texts = [""]; // first at the start, last at the end, the others between in order
    private readonly List<int> _gaps = []; // least length of the gap behind each text but the last

    /// <summary>How many texts it keeps.</summary>
    public int Count => _texts.Count;

    public void AddGap(int least)
    {
        if (_texts.Count > 1 && _texts[^1].Length == 0)
            _gaps[^1] += least;
        else
        {
            _gaps.Add(least);
            _texts.Add("");
        }
    }

    public void AddText(string text) => _texts[^1] += text;

    public Wildcard WithText(string text)
    {
        var copy = new Wildcard();
        copy._texts.Clear();
        copy._texts.AddRange(_texts);
        copy._gaps.AddRange(_gaps);
        copy.AddText(text);
        return copy;
    }

    public bool IsMatch(ReadOnlySpan<char> value)
    {
        if (_gaps.Count == 0)
            return value.SequenceEqual(_texts[0]);
        if (!value.StartsWith(_texts[0], StringComparison.Ordinal) || !value.EndsWith(_texts[^1], StringComparison.Ordinal))
            return false;
        int end = value.Length - _texts[^1].Length;
        int at = _texts[0].Length;
        if (!TrySkip(value, ref at, end, _gaps[0]))
            return false;
        for (int i = 1; i < _texts.Count - 1; i++)
        {
            int found = value[at..end].IndexOf(_texts[i], StringComparison.Ordinal);
            if (found < 0)
                return false;
            at += found + _texts[i].Length;
            if (!TrySkip(value, ref at, end, _gaps[i]))
                return false;
        }
        return true;
    }

    /// <summary>Passes over characters, which may be of two units.</summary>
    private static bool TrySkip(ReadOnlySpan<char> value, ref int at, int end, int count)
    {
        for (; count > 0; count--)
        {
            PatternRunner.RuneAt(value, at, out int length);
            at += length;
        }
        return at <= end;
    }
}
