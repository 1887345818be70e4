namespace Observability.Aggregator.Ingest;

/// <summary>Bindings by ref, in small pages: refs rise, and those of pods that are gone stay unused.</summary>
internal sealed class BindingTable
{
    private const int PageBits = 4;
    private const uint PageMask = (1 << PageBits) - 1;

    private readonly Dictionary<uint, Page> _pages = [];
    private Page? _last;
    private uint _lastNumber;

    public int Count { get; private set; }

    /// <summary>All of them; none may be added or removed meanwhile.</summary>
    public IEnumerable<(uint Ref, SeriesBinding Binding)> All
    {
        get
        {
            foreach ((uint number, Page page) in _pages)
            {
                for (uint i = 0; i <= PageMask; i++)
                {
                    if (page.Has(i))
                        yield return ((number << PageBits) | i, page.Bindings[i]);
                }
            }
        }
    }

    public bool TryGet(uint reference, out SeriesBinding binding)
    {
        if (PageOf(reference >> PageBits) is { } page && page.Has(reference & PageMask))
        {
            binding = page.Bindings[reference & PageMask];
            return true;
        }
        binding = default;
        return false;
    }

    /// <param name="reference">One that is not there.</param>
    /// <param name="binding">What it stands for.</param>
    public void Add(uint reference, SeriesBinding binding)
    {
        uint number = reference >> PageBits;
        if (PageOf(number) is not { } page)
        {
            _pages.Add(number, page = new Page());
            (_last, _lastNumber) = (page, number);
        }
        page.Bindings[reference & PageMask] = binding;
        page.Used |= (ushort)(1 << (int)(reference & PageMask));
        Count++;
    }

    public void Remove(uint reference)
    {
        uint number = reference >> PageBits;
        if (PageOf(number) is not { } page || !page.Has(reference & PageMask))
            return;
        page.Bindings[reference & PageMask] = default;
        page.Used &= (ushort)~(1 << (int)(reference & PageMask));
        Count--;
        if (page.Used != 0)
            return;
        _pages.Remove(number);
        _last = null;
    }

    private Page? PageOf(uint number)
    {
        if (_last is not null && _lastNumber == number)
            return _last;
        if (!_pages.TryGetValue(number, out Page? page))
            return null;
        (_last, _lastNumber) = (page, number);
        return page;
    }

    private sealed class Page
    {
        public readonly SeriesBinding[] Bindings = new SeriesBinding[1 << PageBits];
        public ushort Used;

        public bool Has(uint index) => (Used & (1 << (int)index)) != 0;
    }
}
