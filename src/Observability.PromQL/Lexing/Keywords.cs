using System.Collections.Frozen;

namespace Observability.PromQL.Lexing;

/// <summary>Words with a meaning of their own, in any case.</summary>
internal static class Keywords
{
    private static readonly FrozenDictionary<string, TokenKind> Kinds = new Dictionary<string, TokenKind>
    {
        ["and"] = TokenKind.And,
        ["or"] = TokenKind.Or,
        ["unless"] = TokenKind.Unless,
        ["atan2"] = TokenKind.Atan2,
        ["sum"] = TokenKind.Sum,
        ["avg"] = TokenKind.Avg,
        ["count"] = TokenKind.Count,
        ["min"] = TokenKind.Min,
        ["max"] = TokenKind.Max,
        ["group"] = TokenKind.Group,
        ["stddev"] = TokenKind.Stddev,
        ["stdvar"] = TokenKind.Stdvar,
        ["topk"] = TokenKind.TopK,
        ["bottomk"] = TokenKind.BottomK,
        ["count_values"] = TokenKind.CountValues,
        ["quantile"] = TokenKind.Quantile,
        ["limitk"] = TokenKind.LimitK,
        ["limit_ratio"] = TokenKind.LimitRatio,
        ["offset"] = TokenKind.Offset,
        ["anchored"] = TokenKind.Anchored,
        ["smoothed"] = TokenKind.Smoothed,
        ["by"] = TokenKind.By,
        ["without"] = TokenKind.Without,
        ["on"] = TokenKind.On,
        ["ignoring"] = TokenKind.Ignoring,
        ["group_left"] = TokenKind.GroupLeft,
        ["group_right"] = TokenKind.GroupRight,
        ["fill"] = TokenKind.Fill,
        ["fill_left"] = TokenKind.FillLeft,
        ["fill_right"] = TokenKind.FillRight,
        ["bool"] = TokenKind.Bool,
        ["start"] = TokenKind.Start,
        ["end"] = TokenKind.End,
        ["step"] = TokenKind.Step,
        ["range"] = TokenKind.Range,
        ["min_of"] = TokenKind.MinOf,
        ["max_of"] = TokenKind.MaxOf,
        ["inf"] = TokenKind.Number,
        ["nan"] = TokenKind.Number,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, TokenKind>.AlternateLookup<ReadOnlySpan<char>> BySpan =
        Kinds.GetAlternateLookup<ReadOnlySpan<char>>();

    public static bool TryGet(ReadOnlySpan<char> word, out TokenKind kind) => BySpan.TryGetValue(word, out kind);

    /// <summary>The words that may stand in a duration.</summary>
    public static bool TryGetInDuration(ReadOnlySpan<char> word, out TokenKind kind) =>
        BySpan.TryGetValue(word, out kind) && kind is TokenKind.Step or TokenKind.Range or TokenKind.MinOf or TokenKind.MaxOf;
}
