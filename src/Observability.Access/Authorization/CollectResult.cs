namespace Observability.Access;

/// <summary>Whether a caller may deliver a node's samples.</summary>
/// <param name="Outcome">Granted, denied or no answer.</param>
/// <param name="Reason">The review's own words; empty unless granted. For logs, never for a caller.</param>
public sealed record CollectResult(AccessOutcome Outcome, string Reason)
{
    public bool IsGranted => Outcome == AccessOutcome.Granted;
}
