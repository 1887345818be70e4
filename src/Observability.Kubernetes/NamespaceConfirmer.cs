using System.Globalization;
using System.Net;
using System.Text.Json;
using Observability.Kubernetes.Objects;
using Observability.Tenancy;

namespace Observability.Kubernetes;

/// <summary>Asks for one namespace by a quorum read: no resource version is named, so the answer is never older than the question.</summary>
public sealed class NamespaceConfirmer(ClusterConnection connection, TimeProvider time) : INamespaceConfirmer
{
    /// <exception cref="ClusterUnavailableException">No answer: whether the namespace exists is not known.</exception>
    public async Task<NamespaceObject?> ConfirmAsync(string name, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return await ApiCall.RunAsync(
            "Reading a namespace",
            async timeout =>
            {
                using HttpResponseMessage response = await connection.GetAsync("api/v1/namespaces/" + Uri.EscapeDataString(name), timeout);
                if (response.StatusCode == HttpStatusCode.NotFound)
                    return null;
                if (response.StatusCode != HttpStatusCode.OK)
                    throw new ClusterUnavailableException("Reading a namespace was refused.", response.StatusCode);
                await using Stream body = await response.Content.ReadAsStreamAsync(timeout);
                WireNamespace? wire = await JsonSerializer.DeserializeAsync(body, WireJson.Default.WireNamespace, timeout);
                if (wire is not null && wire.Metadata?.Name == name &&
                    ulong.TryParse(wire.ResourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out ulong version) &&
                    NamespaceMapping.Map(wire, version) is { } found)
                    return found;
                throw new ClusterUnavailableException("The API server's answer is not that namespace.", response.StatusCode);
            },
            connection.Options.RequestTimeout, time, cancellationToken);
    }
}
