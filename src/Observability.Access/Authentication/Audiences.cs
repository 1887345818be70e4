namespace Observability.Access;

/// <summary>The audiences that a token can be for. There are two, so that a token for reading can never write, nor the other way round.</summary>
public static class Audiences
{
    public const string Query = "observability";

    public const string Ingest = "observability-ingest";
}
