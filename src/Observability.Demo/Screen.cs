using System.Globalization;

namespace Observability.Demo;

/// <summary>What the demo prints: progress with the time since the start, then links, tokens and curl lines.</summary>
internal sealed class Screen(TextWriter output, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    public void Progress(string text) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[{time.GetElapsedTime(_start).TotalSeconds,5:F1} s] {text}"));

    public void Ready(Session session, bool examples)
    {
        output.WriteLine();
        output.WriteLine($"  HTTP queries   {session.Query}");
        output.WriteLine($"  gRPC queries   {session.Grpc}   (protos/observability/v1/model.proto)");
        output.WriteLine($"  own metrics    {session.Admin}metrics   health {session.Admin}healthz {session.Admin}readyz");
        output.WriteLine();
        output.WriteLine("Tokens (paste them into your shell, then the lines below):");
        output.WriteLine($"QUERY={session.Query.TrimEnd('/')}");
        foreach ((string name, string token) in session.Tokens)
            output.WriteLine($"{Variable(name)}={token}");
        output.WriteLine();
        if (examples)
        {
            Curl("acme", "/api/v1/model/namespaces/", "acme sees its namespaces, and no other");
            Curl("acme", "/api/v1/model/namespaces/acme-web/pods/", "the pods of one of them");
            Curl("acme", "/api/v1/model/namespaces/acme-web/metrics/cpu/usage_rate", "its CPU in millicores; repeat it: the values move");
            Curl("acme", "/api/v1/model/namespaces/globex-prod/metrics/cpu/usage_rate", "a neighbour's: 404, as for a name that does not exist");
            Curl("operator", "/tenants/globex/api/v1/model/metrics/memory/working_set", "the operator sees every tenant");
        }
        else
        {
            foreach (string name in session.Tokens.Keys)
                Curl(name, "/api/v1/model/namespaces/", $"what {name} sees");
        }
        output.WriteLine();
    }

    private void Curl(string who, string path, string what)
    {
        output.WriteLine($"# {what}");
        output.WriteLine($"curl -s -H \"Authorization: Bearer ${Variable(who)}\" $QUERY{path}");
    }

    /// <summary>A shell variable's name: <c>acme-web</c> is <c>ACME_WEB</c>.</summary>
    private static string Variable(string name) =>
        string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToUpperInvariant(c) : '_'));
}
