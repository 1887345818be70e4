using System.Text.Json;
using Observability.Simulator.Api;
using Observability.Simulator.Rbac;

namespace Observability.Simulator.Cluster;

/// <summary>Writes namespaces, service accounts and RBAC objects as their JSON.</summary>
internal static class SmallManifests
{
    public static void Write(Utf8JsonWriter json, NamespaceRecord ns, string version)
    {
        WriteHead(json, ResourceKind.Namespaces);
        json.WriteStartObject("metadata");
        json.WriteString("name", ns.Name);
        json.WriteString("uid", ns.Uid);
        json.WriteString("resourceVersion", version);
        json.WriteTime("creationTimestamp", ns.Created);
        if (ns.DeletionRequested is { } deletion)
            json.WriteTime("deletionTimestamp", deletion);
        json.WriteMap("labels", ns.Labels);
        json.WriteEndObject();
        json.WriteStartObject("spec");
        json.WriteStrings("finalizers", ["kubernetes"]);
        json.WriteEndObject();
        json.WriteStartObject("status");
        json.WriteString("phase", ns.DeletionRequested is null ? "Active" : "Terminating");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static void WriteServiceAccount(Utf8JsonWriter json, string ns, string name, string uid, DateTimeOffset created, string version)
    {
        WriteHead(json, ResourceKind.ServiceAccounts);
        WriteMetadata(json, ns, name, uid, created, version);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, Role role, string uid, DateTimeOffset created, string version)
    {
        WriteHead(json, role.Namespace is null ? ResourceKind.ClusterRoles : ResourceKind.Roles);
        WriteMetadata(json, role.Namespace, role.Name, uid, created, version);
        json.WriteStartArray("rules");
        foreach (PolicyRule rule in role.Rules)
        {
            json.WriteStartObject();
            json.WriteStrings("verbs", rule.Verbs);
            WriteUnlessEmpty(json, "apiGroups", rule.ApiGroups);
            WriteUnlessEmpty(json, "resources", rule.Resources);
            WriteUnlessEmpty(json, "resourceNames", rule.ResourceNames);
            WriteUnlessEmpty(json, "nonResourceURLs", rule.NonResourceUrls);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, RoleBinding binding, string uid, DateTimeOffset created, string version)
    {
        WriteHead(json, binding.Namespace is null ? ResourceKind.ClusterRoleBindings : ResourceKind.RoleBindings);
        WriteMetadata(json, binding.Namespace, binding.Name, uid, created, version);
        json.WriteStartArray("subjects");
        foreach (Subject subject in binding.Subjects)
        {
            json.WriteStartObject();
            json.WriteString("kind", subject.Kind.ToString());
            if (subject.Kind != SubjectKind.ServiceAccount)
                json.WriteString("apiGroup", ResourceKind.Roles.Group);
            json.WriteString("name", subject.Name);
            if (subject.Namespace is not null)
                json.WriteString("namespace", subject.Namespace);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("roleRef");
        json.WriteString("apiGroup", ResourceKind.Roles.Group);
        json.WriteString("kind", binding.Namespace is null || binding.ToClusterRole ? "ClusterRole" : "Role");
        json.WriteString("name", binding.RoleName);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteHead(Utf8JsonWriter json, ResourceKind kind)
    {
        json.WriteStartObject();
        json.WriteString("kind", kind.Kind);
        json.WriteString("apiVersion", kind.GroupVersion);
    }

    private static void WriteMetadata(Utf8JsonWriter json, string? ns, string name, string uid, DateTimeOffset created, string version)
    {
        json.WriteStartObject("metadata");
        json.WriteString("name", name);
        if (ns is not null)
            json.WriteString("namespace", ns);
        json.WriteString("uid", uid);
        json.WriteString("resourceVersion", version);
        json.WriteTime("creationTimestamp", created);
        json.WriteEndObject();
    }

    private static void WriteUnlessEmpty(Utf8JsonWriter json, string property, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
            json.WriteStrings(property, values);
    }
}
