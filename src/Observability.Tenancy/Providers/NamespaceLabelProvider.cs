using Microsoft.Extensions.Logging;
using Observability.Model;

namespace Observability.Tenancy;

/// <summary>
/// The tenant is the value of a label of the namespace. Whoever may patch namespaces can set it, so hard tenancy needs an admission
/// policy that guards the label, or <see cref="StaticFileProvider"/>.
/// </summary>
public sealed partial class NamespaceLabelProvider(string labelKey, ILogger<NamespaceLabelProvider> logger) : ITenantProvider
{
    public const string DefaultLabelKey = "tenant";

    public string Name => "label " + labelKey;

    /// <summary>Never: a label's change comes with the namespace.</summary>
    public event EventHandler? Changed
    {
        add { }
        remove { }
    }

    /// <returns>The label's value; null without the label, and with a warning where the value is no tenant name.</returns>
    public TenantName? Claim(NamespaceObject value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (!value.Labels.TryGetValue(labelKey, out string? text))
            return null;
        if (TenantName.TryParse(text, out TenantName name))
            return name;
        LogNotATenantName(value.Name, labelKey, text);
        return null;
    }

    [LoggerMessage(EventId = 3001, Level = LogLevel.Warning, Message = "Namespace {Namespace} has label {Key}={Value}, which is no tenant name: it claims nothing")]
    private partial void LogNotATenantName(string @namespace, string key, string value);
}
