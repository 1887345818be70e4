namespace Observability.Model.Matching;

/// <summary>A set of code points: ranges that rise, do not touch, and include both ends. Immutable.</summary>
internal sealed class RuneSet
{
    public const int MaxRune = 0x10FFFF;

    private readonly int[] _bounds; // low, high, low, high, …
    private readonly UInt128 _ascii; // bit n: the set has n

    private RuneSet(int[] bounds)
    {
        _bounds = bounds;
        for (int i = 0; i < bounds.Length && bounds[i] < 128; i += 2)
        {
            for (int rune = bounds[i]; rune <= Math.Min(bounds[i + 1], 127); rune++)
                _ascii |= UInt128.One << rune;
        }
    }

    public static RuneSet All { get; } = new([0, MaxRune]);

    public static RuneSet AllButNewline { get; } = new([0, '\n' - 1, '\n' + 1, MaxRune]);

    public ReadOnlySpan<int> Bounds => _bounds;

    public bool IsAll => _bounds is [0, MaxRune];

    /// <summary>How many code points it has.</summary>
    public int Count
    {
        get
        {
            int count = 0;
            for (int i = 0; i < _bounds.Length; i += 2)
                count += _bounds[i + 1] - _bounds[i] + 1;
            return count;
        }
    }

    public static RuneSet Of(int rune) => new([rune, rune]);

    public bool Contains(int rune)
    {
        if (rune < 128)
            return (_ascii >> rune & 1) != 0;
        int low = 0, high = _bounds.Length / 2 - 1;
        while (low <= high)
        {
            int middle = (low + high) >> 1;
            if (rune < _bounds[2 * middle])
                high = middle - 1;
            else if (rune > _bounds[2 * middle + 1])
                low = middle + 1;
            else
                return true;
        }
        return false;
    }

    public RuneSet Negate()
    {
        var builder = new Builder();
        int next = 0;
        for (int i = 0; i < _bounds.Length; i += 2)
        {
            builder.Add(next, _bounds[i] - 1);
            next = _bounds[i + 1] + 1;
        }
        builder.Add(next, MaxRune);
        return builder.Build();
    }

    /// <summary>Takes ranges in any order.</summary>
    internal sealed class Builder
    {
        private readonly List<(int Low, int High)> _ranges = [];

        public void Add(int low, int high)
        {
            if (low <= high)
                _ranges.Add((low, high));
        }

        public void Add(RuneSet set)
        {
            for (int i = 0; i < set._bounds.Length; i += 2)
                _ranges.Add((set._bounds[i], set._bounds[i + 1]));
        }

        public RuneSet Build()
        {
            _ranges.Sort();
            var bounds = new List<int>(2 * _ranges.Count);
            foreach ((int low, int high) in _ranges)
            {
                if (bounds.Count > 0 && low <= bounds[^1] + 1)
                    bounds[^1] = Math.Max(bounds[^1], high);
                else
                    bounds.AddRange([low, high]);
            }
            return new RuneSet([.. bounds]);
        }

        /// <summary>The set with all cases of all its letters.</summary>
        public RuneSet BuildFolded() => CaseFolding.Close(Build());
    }
}
