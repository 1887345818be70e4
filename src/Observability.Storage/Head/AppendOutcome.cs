namespace Observability.Storage.Head;

internal enum AppendOutcome
{
    Accepted,
    Duplicate,
    OutOfOrder,
}
