using Microsoft.AspNetCore.Http;
using Observability.Access;

namespace Observability.Aggregator.Access;

/// <summary>
/// Who makes a call; on every request behind the access middleware. It keeps the token, because a stream that lives on has to show that
/// it is still good.
/// </summary>
internal sealed class Caller(AuthenticationResult authentication, CallerIdentity identity, string token, string audience)
{
    public AuthenticationResult Authentication { get; } = authentication;

    public CallerIdentity Identity { get; } = identity;

    public string Token { get; } = token;

    public string Audience { get; } = audience;

    /// <exception cref="InvalidOperationException">The request did not pass the access middleware: nobody, no answer.</exception>
    public static Caller Of(HttpContext context) =>
        context.Features.Get<Caller>() ?? throw new InvalidOperationException("The request has no authenticated caller.");

    // No token in a log or a debugger, whatever formats this.
    public override string ToString() => Identity.Username;
}
