using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Observability.PromQL.Evaluation.Functions;

namespace Observability.PromQL.Functions;

/// <summary>The functions of instant vectors, by name.</summary>
internal static class FunctionTable
{
    private static readonly FrozenDictionary<string, Function> ByName = new Dictionary<string, Function>().ToFrozenDictionary(StringComparer.Ordinal);

    public static bool TryGet(string name, [MaybeNullWhen(false)] out Function function) => ByName.TryGetValue(name, out function);
}
