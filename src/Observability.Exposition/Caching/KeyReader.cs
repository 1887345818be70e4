namespace Observability.Exposition;

/// <summary>
/// Reads the key of a row that is not where it was, and finds its texts. A page lists the same cgroups in the same order in family after
/// family, so the labels that follow these are guessed to be those that followed them last time: a guess that holds costs a compare, and
/// spares reading, checking and hashing labels that were found good on this target's pages before.
/// </summary>
internal sealed class KeyReader(ExpositionLimits limits, TextArena texts)
{
    private uint _lastName;
    private uint _lastLabels;
    private uint _nameHash;
    private uint _labelHash;

    /// <summary>Offset of the name of the row last read, 0 where it is new.</summary>
    internal uint Name { get; private set; }

    /// <summary>Offset of the labels of the row last read, 0 where they are new.</summary>
    internal uint Labels { get; private set; }

    /// <summary>Starts a page: offsets do not outlive one.</summary>
    internal void Begin() => _lastName = _lastLabels = 0;

    /// <summary>Reads and checks name and labels.</summary>
    internal RowFault Read(ReadOnlySpan<byte> line, bool openMetrics, ref ParsedRow row)
    {
        if (!TryGuess(line, ref row))
        {
            RowFault fault = RowParser.ParseKey(line, openMetrics, limits, ref row);
            if (fault != RowFault.None) return fault;
            Labels = texts.Find(line[row.NameEnd..row.KeyLength], out _labelHash);
        }
        ReadOnlySpan<byte> name = line[..row.NameEnd];
        Name = _lastName != 0 && name.SequenceEqual(texts[_lastName]) ? _lastName : texts.Find(name, out _nameHash);
        if (Name != 0) _lastName = Name;
        if (Labels != 0) Follow(row);
        return RowFault.None;
    }

    /// <summary>Stores what was new of the row last read.</summary>
    internal void Store(ReadOnlySpan<byte> line, in ParsedRow row)
    {
        if (Name == 0) _lastName = Name = texts.Add(line[..row.NameEnd], _nameHash);
        if (Labels != 0) return;
        Labels = texts.Add(line[row.NameEnd..row.KeyLength], _labelHash);
        Follow(row);
    }

    // A stored label part that stood behind a bare name is good behind any other, in the same format and under the same limits: where it
    // ends depends on nothing behind it, and bare names are ASCII.
    private bool TryGuess(ReadOnlySpan<byte> line, ref ParsedRow row)
    {
        if (_lastLabels == 0) return false;
        uint guess = texts.NextOf(_lastLabels);
        if (guess == 0) return false;
        int length = Names.MetricNameLength(line);
        ReadOnlySpan<byte> labels = texts[guess];
        if (length == 0 || length > limits.MaxNameBytes || !line[length..].StartsWith(labels)) return false;

        int brace = RowParser.SkipBlanks(labels, 0);
        row = new ParsedRow
        {
            NameLength = length,
            NameEnd = length,
            LabelsStart = length + brace + 1,
            LabelsLength = labels.Length - brace - 2,
            KeyLength = length + labels.Length,
            TimestampMs = SeriesRow.NoTimestamp,
        };
        Labels = guess;
        return true;
    }

    // Rows without labels, and those with their name within the braces, are no ground for a guess.
    private void Follow(in ParsedRow row)
    {
        if (row.NameEnd == 0 || row.KeyLength == row.NameEnd) return;
        if (_lastLabels != 0) texts.NextOf(_lastLabels) = Labels;
        _lastLabels = Labels;
    }
}
