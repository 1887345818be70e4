namespace Observability.Exposition;

/// <summary>
/// Reads the pages of one target, scrape after scrape, and remembers the keys of the last one: a row that is where it was costs a
/// compare and a number parse and allocates nothing. Not for two threads at a time. Order of calls: <see cref="Begin"/>, any number
/// of <see cref="Feed"/>, <see cref="End"/>; a page that is not ended is as if it had not been read, but for the samples it gave.
/// </summary>
public sealed unsafe class RowCache : IDisposable
{
    // How far a row may have moved up (as many rows gone before it) to be found without a look into the index.
    private const int LookAhead = 8;

    private readonly ExpositionLimits _limits;
    private readonly RowMemory _memory = new();
    private readonly KeyMatcher _known;
    private readonly KeyReader _key;
    private readonly SplitLine _split;
    private readonly LabelScratch _scratch = new();
    private readonly FamilyType _family = new();
    private bool _openMetrics;
    private bool _sawEof;
    private bool _begun;
    private PageFault _fault;
    private long _bytes;
    private int _rows;
    private int _hits;
    private int _defined;
    private int _samples;
    private RowFaultCounts _badRows;

    public RowCache(ExpositionLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        _limits = limits;
        _known = new KeyMatcher(_memory.Texts, _family);
        _key = new KeyReader(limits, _memory.Texts);
        _split = new SplitLine(limits.MaxLineBytes);
    }

    /// <summary>Native memory reserved now: keys, slots and indexes.</summary>
    public long NativeBytes => _memory.NativeBytes;

    /// <summary>Starts a page. Where its format is not that of the one before, every key is defined again.</summary>
    public void Begin(ExpositionFormat format)
    {
        bool openMetrics = format == ExpositionFormat.OpenMetrics;
        if (openMetrics != _openMetrics) _memory.Clear();    // what passes in one format may not in the other
        _openMetrics = openMetrics;
        _memory.Begin();
        _key.Begin();
        _family.Clear();
        _split.Clear();
        _sawEof = false;
        _known.Forget();
        _fault = PageFault.None;
        _bytes = _rows = _hits = _defined = _samples = 0;
        _badRows = default;
        _begun = true;
    }

    /// <summary>Reads a piece of the page, cut anywhere.</summary>
    /// <returns>False once the page has a fault: the rest need not be fetched.</returns>
    public bool Feed<TSink>(ReadOnlySpan<byte> chunk, ref TSink sink) where TSink : IRowSink, allows ref struct
    {
        ThrowUnlessBegun();
        if (_fault != PageFault.None || chunk.IsEmpty) return _fault == PageFault.None;
        bool tooLarge = _bytes + chunk.Length > _limits.MaxBodyBytes;
        if (tooLarge) chunk = chunk[..(int)(_limits.MaxBodyBytes - _bytes)];
        _bytes += chunk.Length;

        ReadChunk(chunk, ref sink);
        if (_fault == PageFault.None && tooLarge) _fault = PageFault.BodyTooLarge;
        return _fault == PageFault.None;
    }

    /// <summary>Ends the page; a last line without a line break is read now.</summary>
    public PageSummary End<TSink>(ref TSink sink) where TSink : IRowSink, allows ref struct
    {
        ThrowUnlessBegun();
        if (_fault == PageFault.None && _split.Started) ReadSplitLine(ref sink);
        if (_fault == PageFault.None && _openMetrics && !_sawEof) _fault = PageFault.MissingEof;
        _memory.End();
        _begun = false;
        return new PageSummary
        {
            Rows = _rows,
            Hits = _hits,
            Defined = _defined,
            Samples = _samples,
            Skipped = _hits + _defined - _samples,
            BadRows = _badRows,
            Bytes = _bytes,
            Fault = _fault,
        };
    }

    /// <summary>Between pages: forgets what was decided for the slots that <paramref name="slotIsStale"/> names; their keys are defined again at the next page.</summary>
    /// <param name="slotIsStale">Asked with slots of 0 or more, once per row.</param>
    public void Invalidate(Func<int, bool> slotIsStale)
    {
        ArgumentNullException.ThrowIfNull(slotIsStale);
        foreach (ref RowEntry entry in _memory.Entries)
            if (entry.Slot >= 0 && slotIsStale(entry.Slot)) entry.Slot = RowSlot.AskAgain;
    }

    /// <summary>Forgets every key, skipped ones too; memory is given back.</summary>
    public void Clear()
    {
        _memory.Clear();
        _split.Free();
        _begun = false;
    }

    public void Dispose()
    {
        _memory.Dispose();
        _begun = false;
    }

    private void ThrowUnlessBegun()
    {
        if (!_begun) throw new InvalidOperationException("No page was begun.");
    }

    private void ReadChunk<TSink>(ReadOnlySpan<byte> chunk, ref TSink sink) where TSink : IRowSink, allows ref struct
    {
        if (_split.Started)
        {
            int end = chunk.IndexOf((byte)'\n');
            _split.Append(end < 0 ? chunk : chunk[..end]);
            if (end < 0) return;
            ReadSplitLine(ref sink);
            chunk = chunk[(end + 1)..];
        }

        int lines = chunk.LastIndexOf((byte)'\n') + 1;
        if (lines > 0) ReadLines(chunk[..lines], ref sink);
        if (lines < chunk.Length && _fault == PageFault.None)
        {
            if (_sawEof) _fault = PageFault.DataAfterEof;
            else _split.Append(chunk[lines..]);
        }
    }

    private void ReadSplitLine<TSink>(ref TSink sink) where TSink : IRowSink, allows ref struct
    {
        if (_split.TooLong) Refuse(RowFault.LineTooLong);
        else ReadLine(_split.Bytes, ref sink);
        _split.Clear();
    }

    /// <summary>The hot path: whole lines, the last one ends with the span.</summary>
    private void ReadLines<TSink>(ReadOnlySpan<byte> lines, ref TSink sink) where TSink : IRowSink, allows ref struct
    {
        while (!lines.IsEmpty && _fault == PageFault.None)
        {
            int read = ReadExpected(lines, ref sink);
            if (read == 0)
            {
                int end = lines.IndexOf((byte)'\n');
                ReadLine(lines[..end], ref sink);
                read = end + 1;
            }
            lines = lines[read..];
        }
    }

    /// <summary>Reads a line if it is the row expected next, with nothing unusual about it.</summary>
    /// <returns>Bytes read, the line break included; 0 where the line must be looked at closely.</returns>
    private int ReadExpected<TSink>(ReadOnlySpan<byte> lines, ref TSink sink) where TSink : IRowSink, allows ref struct
    {
        int place = _memory.Cursor;
        if (place >= _memory.PreviousCount || _openMetrics || _rows >= _limits.MaxRows) return 0;
        RowEntry entry = _memory.Expected[place];
        int at = _known.Match(entry, lines);
        if (at == 0) return 0;

        double value = 0;
        long timestampMs = SeriesRow.NoTimestamp;
        ReadOnlySpan<byte> rest = lines[(at + 1)..];
        if (entry.Slot == RowSlot.Skip)
        {
            at += rest.IndexOf((byte)'\n') + 1;
        }
        else
        {
            if (entry.Slot < 0) return 0;
            int length = Numbers.ReadShort(rest, out value);
            if (length == 0) return 0;
            at += length + 1;
            if (rest[length] == ' ')
            {
                rest = rest[(length + 1)..];
                length = Numbers.ReadShortMilliseconds(rest, out timestampMs);
                if (length == 0) return 0;
                at += length + 1;
            }
            if (rest[length] != '\n') return 0;
        }
        if (at > _limits.MaxLineBytes) return 0;

        _rows++;
        _hits++;
        _memory.Take(place);
        if (entry.Slot >= 0)
        {
            _samples++;
            sink.Sample(entry.Slot, value, timestampMs);
        }
        return at + 1;
    }

    private void ReadLine<TSink>(ReadOnlySpan<byte> line, ref TSink sink) where TSink : IRowSink, allows ref struct
    {
        if (_sawEof)
        {
            _fault = PageFault.DataAfterEof;
            return;
        }
        RowFault fault = Lines.Trim(line, _openMetrics, _limits, out line);
        if (fault == RowFault.None)
        {
            if (line.IsEmpty) return;
            fault = line[0] == '#' ? ReadMetadata(line) : ReadRow(line, ref sink);
        }
        if (fault != RowFault.None) Refuse(fault);
    }

    private void Refuse(RowFault fault)
    {
        if (CountRow()) _badRows.Add(fault);
    }

    private bool CountRow()
    {
        if (_rows == _limits.MaxRows) _fault = PageFault.TooManyRows;
        else _rows++;
        return _fault == PageFault.None;
    }

    private RowFault ReadMetadata(ReadOnlySpan<byte> line)
    {
        RowFault fault = Metadata.Parse(line, _openMetrics, _limits, out Metadata metadata);
        _sawEof = metadata.Kind == EntryKind.Eof;
        if (metadata.Kind == EntryKind.Type)
        {
            _known.Forget();
            if (fault == RowFault.None) _family.Set(metadata.UnescapeFamily(_scratch), metadata.Type, _openMetrics);
            else _family.Clear();
        }
        return fault;
    }

    private RowFault ReadRow<TSink>(ReadOnlySpan<byte> line, ref TSink sink) where TSink : IRowSink, allows ref struct
    {
        int last = Math.Min(_memory.Cursor + LookAhead, _memory.PreviousCount - 1);
        for (int place = _memory.Cursor; place <= last; place++)
        {
            int length = _known.Match(_memory.Expected[place], line);
            if (length > 0) return ReadKnown(line, place, length, ref sink);
        }

        ParsedRow row = default;
        RowFault fault = _key.Read(line, _openMetrics, ref row);
        if (fault != RowFault.None) return fault;
        MetricType type = _family.Of(new SeriesRow(line, row, default, _scratch).Name);
        var key = new RowEntry(_key.Name, type, _key.Labels, default);
        if (_key.Name != 0 && _key.Labels != 0 && _memory.TryFind(key, out bool onThisPage, out int found))
            return onThisPage ? ReadRepeated(line, found, ref row, ref sink) : ReadKnown(line, found, row.KeyLength, ref sink);

        fault = RowParser.ParseTail(line, _openMetrics, _limits, ref row);
        if (fault != RowFault.None || !CountRow()) return fault;
        int slot = Define(line, row, type, ref sink);
        _key.Store(line, row);
        _memory.Add(new RowEntry(_key.Name, type, _key.Labels, slot));
        Deliver(slot, row, ref sink);
        return RowFault.None;
    }

    /// <summary>A row of the previous page. Its key was good then, so only the rest of the line can be bad.</summary>
    private RowFault ReadKnown<TSink>(ReadOnlySpan<byte> line, int place, int keyLength, ref TSink sink) where TSink : IRowSink, allows ref struct
    {
        int slot = _memory.Expected[place].Slot;
        var row = new ParsedRow { KeyLength = keyLength, TimestampMs = SeriesRow.NoTimestamp };
        RowFault fault = RowFault.None;
        if (slot == RowSlot.AskAgain) fault = RowParser.ParseKey(line, _openMetrics, _limits, ref row);
        if (slot != RowSlot.Skip && fault == RowFault.None) fault = RowParser.ParseTail(line, _openMetrics, _limits, ref row);
        if (fault == RowFault.None)
        {
            if (!CountRow()) return RowFault.None;
            if (slot == RowSlot.AskAgain) _memory.Expected[place].Slot = slot = Define(line, row, _memory.Expected[place].Type, ref sink);
            else _hits++;
        }
        _memory.Take(place);
        if (fault == RowFault.None) Deliver(slot, row, ref sink);
        return fault;
    }

    /// <summary>A key that this page defined already.</summary>
    private RowFault ReadRepeated<TSink>(ReadOnlySpan<byte> line, int place, ref ParsedRow row, ref TSink sink) where TSink : IRowSink, allows ref struct
    {
        int slot = _memory.OnThisPage(place).Slot;
        RowFault fault = slot < 0 ? RowFault.None : RowParser.ParseTail(line, _openMetrics, _limits, ref row);
        if (fault != RowFault.None || !CountRow()) return fault;
        _hits++;
        _memory.Repeat(place);
        Deliver(slot, row, ref sink);
        return RowFault.None;
    }

    private int Define<TSink>(ReadOnlySpan<byte> line, in ParsedRow row, MetricType type, ref TSink sink) where TSink : IRowSink, allows ref struct
    {
        _defined++;
        int slot = sink.Define(new SeriesRow(line, row, type, _scratch));
        return slot < RowSlot.AskAgain ? throw new InvalidOperationException($"The sink returned {slot} for a row.") : slot;
    }

    private void Deliver<TSink>(int slot, in ParsedRow row, ref TSink sink) where TSink : IRowSink, allows ref struct
    {
        if (slot < 0) return;
        _samples++;
        sink.Sample(slot, row.Value, row.TimestampMs);
    }
}
