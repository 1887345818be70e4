using System.Collections.Concurrent;
using System.Globalization;

namespace Observability.Model.Matching;

/// <summary>General categories (<c>\pL</c>, <c>\p{Lu}</c>), by the tables of .NET. Scripts are not there: .NET has no table of them.</summary>
internal static class UnicodeClasses
{
    private static readonly ConcurrentDictionary<string, RuneSet> Known = new(StringComparer.Ordinal); // filled from the fixed names below
    private static readonly ConcurrentDictionary<string, RuneSet> Folded = new(StringComparer.Ordinal); // the same with all cases

    private static readonly string[] Names =
    [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co",
        "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So",
    ];

    /// <param name="name">As in Unicode, of one or two letters, or <c>Any</c>.</param>
    /// <param name="anyCase">With all cases of all its letters.</param>
    public static RuneSet? Find(string name, bool anyCase)
    {
        if (name == "Any")
            return RuneSet.All;
        bool exists = name.Length == 2 ? Names.Contains(name, StringComparer.Ordinal) : name is "L" or "M" or "N" or "Z" or "C" or "P" or "S";
        if (!exists)
            return null;
        RuneSet set = Known.GetOrAdd(name, Make);
        return anyCase ? Folded.GetOrAdd(name, static (_, set) => CaseFolding.Close(set), set) : set;
    }

    private static RuneSet Make(string name)
    {
        var builder = new RuneSet.Builder();
        int low = -1;
        for (int rune = 0; rune <= RuneSet.MaxRune + 1; rune++)
        {
            bool isIn = rune <= RuneSet.MaxRune && Matches(CharUnicodeInfo.GetUnicodeCategory(rune), name);
            if (isIn && low < 0)
                low = rune;
            if (!isIn && low >= 0)
            {
                builder.Add(low, rune - 1);
                low = -1;
            }
        }
        return builder.Build();
    }

    private static bool Matches(UnicodeCategory category, string name)
    {
        // .NET lists the categories in the order of the names, with "not assigned" last, which no name stands for.
        if ((int)category >= Names.Length)
            return false;
        string own = Names[(int)category];
        return name.Length == 1 ? own[0] == name[0] : own == name;
    }
}
