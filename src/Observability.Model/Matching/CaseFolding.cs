using System.Text;

namespace Observability.Model.Matching;

/// <summary>Which code points are one letter in different cases, by Unicode's simple folding: the same in every culture.</summary>
internal static class CaseFolding
{
    private const int FewRunes = 128;

    private static readonly Lazy<Dictionary<int, int[]>> Orbits = new(MakeOrbits);

    /// <summary>One code point for all cases of a letter.</summary>
    public static int Key(int rune)
    {
        if (rune < 128)
            return rune is >= 'A' and <= 'Z' ? rune | 0x20 : rune;
        return Rune.IsValid(rune) ? Rune.ToLowerInvariant(Rune.ToUpperInvariant(new Rune(rune))).Value : rune;
    }

    /// <summary>All cases of a letter, itself included.</summary>
    public static RuneSet Orbit(int rune)
    {
        var builder = new RuneSet.Builder();
        AddOrbit(builder, rune);
        return builder.Build();
    }

    public static RuneSet Close(RuneSet set)
    {
        var builder = new RuneSet.Builder();
        builder.Add(set);
        ReadOnlySpan<int> bounds = set.Bounds;
        if (set.Count <= FewRunes)
        {
            for (int i = 0; i < bounds.Length; i += 2)
            {
                for (int rune = bounds[i]; rune <= bounds[i + 1]; rune++)
                    AddOrbit(builder, rune);
            }
        }
        else
        {
            foreach (int[] orbit in Orbits.Value.Values)
            {
                if (orbit.Any(set.Contains))
                    AddAll(builder, orbit);
            }
        }
        return builder.Build();
    }

    private static void AddOrbit(RuneSet.Builder builder, int rune)
    {
        if (rune >= 128)
            AddAll(builder, Orbits.Value.TryGetValue(Key(rune), out int[]? orbit) ? orbit : [rune]);
        else
        {
            builder.Add(rune, rune);
            if (!char.IsAsciiLetter((char)rune))
                return;
            builder.Add(rune ^ 0x20, rune ^ 0x20);
            if ((rune | 0x20) == 'k')
                builder.Add(0x212A, 0x212A); // the Kelvin sign
            if ((rune | 0x20) == 's')
                builder.Add(0x17F, 0x17F); // the long s
        }
    }

    private static void AddAll(RuneSet.Builder builder, int[] runes)
    {
        foreach (int rune in runes)
            builder.Add(rune, rune);
    }

    private static Dictionary<int, int[]> MakeOrbits()
    {
        const int LastWithCase = 0x1E943;
        return Enumerable.Range(0, LastWithCase + 1)
            .Where(Rune.IsValid)
            .Select(rune => (rune, key: Key(rune)))
            .Where(pair => pair.rune != pair.key || HasUpper(pair.rune))
            .GroupBy(pair => pair.key, pair => pair.rune)
            .Select(group => (group.Key, All: group.Append(group.Key).Distinct().ToArray()))
            .Where(orbit => orbit.All.Length > 1)
            .ToDictionary(orbit => orbit.Key, orbit => orbit.All);
    }

    private static bool HasUpper(int rune) => Rune.ToUpperInvariant(new Rune(rune)).Value != rune;
}
