namespace Observability.Demo;

/// <summary>Why the demo cannot go on, in words for the person who started it.</summary>
internal sealed class DemoException(string message, Exception? inner = null) : Exception(message, inner);
