namespace Observability.Access;

/// <summary>Takes every decision, once, in the order in which they were made by one caller. Must not block.</summary>
public interface IAccessLog
{
    void Record(AccessDecision decision);
}
