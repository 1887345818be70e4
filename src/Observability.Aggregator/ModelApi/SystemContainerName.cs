using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Observability.Model;

namespace Observability.Aggregator.ModelApi;

/// <summary>
/// Names of a node's cgroups that belong to no pod. A path such as <c>/system.slice/kubelet.service</c> cannot stand in a URL, so
/// its name is <c>system.slice:kubelet.service</c>. Heapster's and the kubelet's short names are understood as well.
/// </summary>
internal static class SystemContainerName
{
    private static readonly FrozenDictionary<string, Matcher> ShortNames = new Dictionary<string, Matcher>(StringComparer.Ordinal)
    {
        ["kubelet"] = new("id", MatchOperator.Regex, @"/(.+/)?kubelet(\.service)?"),
        ["runtime"] = new("id", MatchOperator.Regex, @"/(.+/)?(containerd|crio|docker)(\.service)?"),
        ["docker-daemon"] = new("id", MatchOperator.Regex, @"/(.+/)?(containerd|crio|docker)(\.service)?"),
        ["pods"] = new("id", MatchOperator.Regex, @"/kubepods(\.slice)?"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <param name="id">The cgroup's path, from its leading slash.</param>
    internal static string FromId(string id) => id.TrimStart('/').Replace('/', ':');

    /// <summary>Selects the cgroups of that name.</summary>
    internal static Matcher Matcher(string name)
    {
        if (ShortNames.TryGetValue(name, out Matcher? matcher))
            return matcher;
        // Longer than any path: it names nothing, and must not become a pattern.
        return name.Length > 512
            ? Observability.Model.Matcher.Equal("id", "")
            : new Matcher("id", MatchOperator.Regex, "/" + string.Join("[/:]", name.Split(':').Select(Regex.Escape)));
    }
}
