using System.Diagnostics.CodeAnalysis;

namespace Observability.Demo;

/// <summary>A service account and the label that its token is printed under.</summary>
internal sealed record ServiceAccountRef(string Label, string Namespace, string Name)
{
    /// <summary>Reads <c>label=namespace/name</c>, or <c>namespace/name</c>, whose label is <c>namespace/name</c> itself.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ServiceAccountRef? account)
    {
        account = null;
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string path = text[(equals + 1)..];
        string label = equals < 0 ? path : text[..equals];
        if (path.Split('/') is not [{ Length: > 0 } ns, { Length: > 0 } name] || label.Length == 0)
            return false;
        account = new ServiceAccountRef(label, ns, name);
        return true;
    }
}
