namespace Observability.Exposition;

/// <summary>
/// The rows of the previous page and of the one being read. As long as rows come exactly as they came before, nothing is written:
/// the previous table is the current one. From the first difference on, the current page gets a table of its own.
/// </summary>
internal sealed unsafe class RowMemory : IDisposable
{
    private readonly RowTable[] _pages = [new RowTable(), new RowTable()];
    private readonly RowIndex _index;
    private int _previous;
    private bool _diverged;
    private bool _textsMayBeUnused;

    internal RowMemory() => _index = new RowIndex(_pages);

    internal TextArena Texts { get; } = new();

    /// <summary>The place in the previous page of the row that is expected next.</summary>
    internal int Cursor { get; private set; }

    internal int PreviousCount => Previous.Count;

    internal long NativeBytes => Texts.NativeBytes + _index.NativeBytes + _pages[0].NativeBytes + _pages[1].NativeBytes;

    private RowTable Previous => _pages[_previous];

    private RowTable Current => _pages[1 - _previous];

    /// <summary>Entries of the previous page.</summary>
    internal RowEntry* Expected => Previous.Items;

    internal Span<RowEntry> Entries => Previous.Entries;

    internal void Begin()
    {
        _textsMayBeUnused |= Current.Count > 0;    // of a page that was not ended
        StartPage();
    }

    private void StartPage()
    {
        Current.Count = 0;
        _index.Reset();
        _diverged = false;
        Cursor = 0;
    }

    /// <summary>Notes that the row at this place of the previous page came now.</summary>
    internal void Take(int place)
    {
        if (place != Cursor) Diverge();
        if (_diverged) Current.Append(Previous.Items[place]);
        _textsMayBeUnused |= place != Cursor;    // rows were passed over, or this one comes again
        Cursor = place + 1;
    }

    /// <summary>Notes a row that neither page had.</summary>
    internal void Add(RowEntry entry)
    {
        Diverge();
        Current.Append(entry);
        if (_index.Built) _index.AddLast(1 - _previous);
    }

    /// <summary>Notes once more a row that came on this page already.</summary>
    internal void Repeat(int place) => Current.Append(Current.Items[place]);

    /// <summary>Finds a row anywhere on the previous page, or among those that are new on this one.</summary>
    internal bool TryFind(in RowEntry key, out bool onThisPage, out int place)
    {
        if (!_index.Built) _index.Build();
        bool found = _index.TryFind(key, out int page, out place);
        onThisPage = page != _previous;
        return found;
    }

    internal RowEntry OnThisPage(int place) => Current.Items[place];

    /// <summary>Makes the page just read the previous one.</summary>
    internal void End()
    {
        _textsMayBeUnused |= Cursor < Previous.Count;
        if (_diverged)
        {
            Previous.Count = 0;
            _previous = 1 - _previous;
            Previous.Trim();
        }
        else
        {
            Previous.Count = Cursor;
        }
        _index.Reset();
        if (!_textsMayBeUnused) Texts.Trim();
        else if (Texts.Compact(Previous.Entries)) _textsMayBeUnused = false;
        StartPage();
    }

    internal void Clear()
    {
        foreach (RowTable page in _pages) page.Clear();
        _index.Clear();
        Texts.Clear();
        _textsMayBeUnused = false;
        StartPage();
    }

    public void Dispose()
    {
        foreach (RowTable page in _pages) page.Dispose();
        _index.Dispose();
        Texts.Dispose();
    }

    private void Diverge()
    {
        if (_diverged) return;
        Current.CopyFrom(Previous, Cursor);
        _diverged = true;
    }
}
