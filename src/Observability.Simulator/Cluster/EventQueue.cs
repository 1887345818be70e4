namespace Observability.Simulator.Cluster;

/// <summary>What will happen, in the order of its time. Each event happens at its own time, whenever it is observed.</summary>
internal sealed class EventQueue(DateTimeOffset start)
{
    private readonly PriorityQueue<Action, (DateTimeOffset Due, long Order)> events = new();
    private long order;

    /// <summary>The time up to which everything has happened.</summary>
    public DateTimeOffset Now { get; private set; } = start;

    public DateTimeOffset? NextDue => events.TryPeek(out _, out (DateTimeOffset Due, long) priority) ? priority.Due : null;

    public void At(DateTimeOffset due, Action happen) => events.Enqueue(happen, (due, order++));

    public void After(TimeSpan delay, Action happen) => At(Now + delay, happen);

    public void AdvanceTo(DateTimeOffset time)
    {
        while (events.TryPeek(out Action? happen, out (DateTimeOffset Due, long) priority) && priority.Due <= time)
        {
            events.Dequeue();
            if (priority.Due > Now)
                Now = priority.Due;
            happen();
        }

        if (time > Now)
            Now = time;
    }
}
