namespace Observability.Aggregator.ModelApi;

/// <summary>A request that cannot be answered as it stands. The message names the parameter and nothing that is stored.</summary>
/// <param name="parameter">The parameter to change.</param>
/// <param name="reason">What is wrong with it.</param>
/// <param name="isLimit">True: it is well formed and asks for more than one answer may hold.</param>
internal sealed class ModelRequestException(string parameter, string reason, bool isLimit = false) : Exception($"{parameter}: {reason}")
{
    public string Parameter { get; } = parameter;

    /// <summary>What is wrong, without the parameter's name.</summary>
    public string Reason { get; } = reason;

    public bool IsLimit { get; } = isLimit;
}
