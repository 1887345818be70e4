namespace Observability.Simulator.Api;

/// <summary>What a resource path speaks of: <c>/api/v1/…</c> or <c>/apis/{group}/{version}/…</c>.</summary>
internal sealed record ApiTarget(string Group, string Version, string? Namespace, string Resource, string Name, string Subresource)
{
    /// <returns>Null where the path is no resource: discovery, version, health.</returns>
    public static ApiTarget? Parse(string[] path)
    {
        (string group, ReadOnlyMemory<string> rest) = path switch
        {
            ["api", _, _, ..] => ("", path.AsMemory(1)),
            ["apis", var named, _, _, ..] => (named, path.AsMemory(2)),
            _ => ("", ReadOnlyMemory<string>.Empty),
        };
        if (rest.IsEmpty)
            return null;

        string version = rest.Span[0];
        string[] segments = rest[1..].ToArray();
        return segments switch
        {
            ["namespaces", var ns, var resource, .. var tail] => Of(ns, resource, tail),
            [var resource, .. var tail] => Of(null, resource, tail),
            _ => null,
        };

        ApiTarget Of(string? ns, string resource, string[] tail) =>
            new(group, version, ns, resource, tail.Length > 0 ? tail[0] : "", tail.Length > 1 ? string.Join('/', tail[1..]) : "");
    }
}
