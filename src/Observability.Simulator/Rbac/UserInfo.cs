namespace Observability.Simulator.Rbac;

/// <summary>Who a token stands for, as a token review reports it.</summary>
internal sealed record UserInfo(
    string Name, string Uid, IReadOnlyList<string> Groups, IReadOnlyDictionary<string, IReadOnlyList<string>> Extra);
