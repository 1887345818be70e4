using System.Collections.Immutable;
using CsCheck;

namespace Observability.Access.Tests.Authorization;

public sealed class CacheKeyTests
{
    private static readonly CallerIdentity Alice = new()
    {
        Username = "alice",
        Uid = "1",
        Groups = ["a", "b"],
        Extra = ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add("k", ["v"]),
    };

    [Test]
    public void Callers_that_differ_in_anything_share_nothing()
    {
        CallerIdentity[] callers =
        [
            Alice,
            Alice with { Username = "alicE" },
            Alice with { Username = "alice\u200d" },
            Alice with { Uid = "2" },
            Alice with { Uid = "" },
            Alice with { Groups = ["b", "a"] },
            Alice with { Groups = ["ab"] },
            Alice with { Groups = ["a", "b", ""] },
            Alice with { Groups = [] },
            Alice with { Extra = Alice.Extra.ToImmutableDictionary().Add("k2", []) },
            Alice with { Extra = ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add("k", ["v", "w"]) },
            Alice with { Extra = ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add("k", ["w"]) },
            Alice with { Extra = ImmutableDictionary<string, ImmutableArray<string>>.Empty },
        ];

        Assert.That(callers.Select(Key).ToHashSet(), Has.Count.EqualTo(callers.Length));
        Assert.That(Key(Alice with { }), Is.EqualTo(Key(Alice)));
    }

    [Test]
    public void Parts_that_run_together_differently_are_different_keys() =>
        Gen.Select(Gen.String[0, 4].Array[0, 4], Gen.String[0, 4].Array[0, 4]).Sample((left, right) =>
            (Key(left) == Key(right)) == left.SequenceEqual(right, StringComparer.Ordinal));

    private static CacheKey Key(CallerIdentity caller)
    {
        using var builder = new CacheKeyBuilder();
        return builder.Add(caller).ToKey();
    }

    private static CacheKey Key(string[] parts)
    {
        using var builder = new CacheKeyBuilder();
        return parts.Aggregate(builder, (next, part) => next.Add(part)).ToKey();
    }
}
