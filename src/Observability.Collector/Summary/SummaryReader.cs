using System.Text.Json;

namespace Observability.Collector.Summary;

/// <summary>
/// Reads <c>/stats/summary</c> as it arrives, keeping one pod at a time. Members may come in any order; unknown ones are passed over.
/// </summary>
internal sealed class SummaryReader(ISummarySink sink)
{
    /// <summary>Longest single token; a longer one fails the page.</summary>
    private const int MaxTokenBytes = 1 << 20;

    private readonly List<Place> _places = [];
    private readonly SummaryPod _pod = new();
    private byte[] _rest = new byte[16 << 10];
    private int _restLength;
    private JsonReaderState _state;
    private Place _next;
    private Field _field;
    private FileSystemUse _use;
    private FileSystemUse _rootFs;
    private FileSystemUse _logs;
    private string _name = "";
    private string _claim = "";

    private enum Place : byte
    {
        Other,
        Root,
        Node,
        NodeFs,
        Pods,
        Pod,
        PodRef,
        Containers,
        Container,
        RootFs,
        Logs,
        Volumes,
        Volume,
        Claim,
        Ephemeral,
    }

    private enum Field : byte
    {
        None,
        Name,
        Namespace,
        Uid,
        StartTime,
        Time,
        UsedBytes,
        CapacityBytes,
    }

    internal void Begin()
    {
        _places.Clear();
        _pod.Clear();
        _restLength = 0;
        _state = default;
        _next = Place.Root;
        _field = Field.None;
    }

    /// <exception cref="JsonException">It is no JSON, or a token is too long.</exception>
    internal void Feed(ReadOnlySpan<byte> chunk, bool last)
    {
        while (_rest.Length < _restLength + chunk.Length)
        {
            if (_rest.Length > MaxTokenBytes)
                throw new JsonException("A token of the summary is too long.");
            Array.Resize(ref _rest, _rest.Length * 2);
        }
        chunk.CopyTo(_rest.AsSpan(_restLength));
        _restLength += chunk.Length;
        var reader = new Utf8JsonReader(_rest.AsSpan(0, _restLength), last, _state);
        while (reader.Read())
            Take(ref reader);
        _state = reader.CurrentState;
        int consumed = (int)reader.BytesConsumed;
        _rest.AsSpan(consumed, _restLength - consumed).CopyTo(_rest);
        _restLength -= consumed;
    }

    private void Take(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                TakeProperty(ref reader);
                break;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                Place place = _places.Count > 0 ? ElementOf(_places[^1]) ?? _next : Place.Root;
                if (place is Place.NodeFs or Place.RootFs or Place.Logs or Place.Volume or Place.Ephemeral)
                    _use = default;
                if (place is Place.Container or Place.Volume)
                    (_name, _claim, _rootFs, _logs) = ("", "", default, default);
                if (place is Place.Pod)
                    _pod.Clear();
                _places.Add(place);
                _next = Place.Other;
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                Leave(_places[^1]);
                _places.RemoveAt(_places.Count - 1);
                _next = Place.Other;
                break;
            default:
                TakeValue(ref reader);
                _field = Field.None;
                _next = Place.Other;
                break;
        }
    }

    private static Place? ElementOf(Place array) => array switch
    {
        Place.Pods => Place.Pod,
        Place.Containers => Place.Container,
        Place.Volumes => Place.Volume,
        _ => null,
    };

    private void TakeProperty(ref Utf8JsonReader reader)
    {
        Place place = _places[^1];
        _next = place switch
        {
            Place.Root when reader.ValueTextEquals("node"u8) => Place.Node,
            Place.Root when reader.ValueTextEquals("pods"u8) => Place.Pods,
            Place.Node when reader.ValueTextEquals("fs"u8) => Place.NodeFs,
            Place.Pod when reader.ValueTextEquals("podRef"u8) => Place.PodRef,
            Place.Pod when reader.ValueTextEquals("containers"u8) => Place.Containers,
            Place.Pod when reader.ValueTextEquals("volume"u8) => Place.Volumes,
            Place.Pod when reader.ValueTextEquals("ephemeral-storage"u8) => Place.Ephemeral,
            Place.Container when reader.ValueTextEquals("rootfs"u8) => Place.RootFs,
            Place.Container when reader.ValueTextEquals("logs"u8) => Place.Logs,
            Place.Volume when reader.ValueTextEquals("pvcRef"u8) => Place.Claim,
            _ => Place.Other,
        };
        _field = place switch
        {
            Place.PodRef or Place.Container or Place.Volume or Place.Claim when reader.ValueTextEquals("name"u8) => Field.Name,
            Place.PodRef when reader.ValueTextEquals("namespace"u8) => Field.Namespace,
            Place.PodRef when reader.ValueTextEquals("uid"u8) => Field.Uid,
            Place.Pod when reader.ValueTextEquals("startTime"u8) => Field.StartTime,
            Place.NodeFs or Place.RootFs or Place.Logs or Place.Volume or Place.Ephemeral => reader.ValueTextEquals("time"u8) ? Field.Time
                : reader.ValueTextEquals("usedBytes"u8) ? Field.UsedBytes
                : reader.ValueTextEquals("capacityBytes"u8) ? Field.CapacityBytes
                : Field.None,
            _ => Field.None,
        };
    }

    private void TakeValue(ref Utf8JsonReader reader)
    {
        if (_field == Field.None)
            return;
        bool isText = reader.TokenType == JsonTokenType.String;
        long? timeMs = isText && _field is Field.Time or Field.StartTime && reader.TryGetDateTimeOffset(out DateTimeOffset time) && time.Year > 1
            ? time.ToUnixTimeMilliseconds() : null;
        double? number = reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out double value) ? value : null;
        string text = isText && timeMs is null ? reader.GetString() ?? "" : "";
        switch (_field)
        {
            case Field.Name when _places[^1] == Place.PodRef:
                _pod.Name = text;
                break;
            case Field.Name when _places[^1] == Place.Claim:
                _claim = text;
                break;
            case Field.Name:
                _name = text;
                break;
            case Field.Namespace:
                _pod.Namespace = text;
                break;
            case Field.Uid:
                _pod.Uid = text;
                break;
            case Field.StartTime:
                _pod.StartMs = timeMs;
                break;
            case Field.Time:
                _use.TimeMs = timeMs;
                break;
            case Field.UsedBytes:
                _use.UsedBytes = number;
                break;
            case Field.CapacityBytes:
                _use.CapacityBytes = number;
                break;
        }
    }

    private void Leave(Place place)
    {
        switch (place)
        {
            case Place.NodeFs:
                sink.TakeNode(_use);
                break;
            case Place.RootFs:
                _rootFs = _use;
                break;
            case Place.Logs:
                _logs = _use;
                break;
            case Place.Ephemeral:
                _pod.EphemeralStorage = _use;
                break;
            case Place.Volume:
                _pod.Volumes.Add((_name, _claim, _use));
                break;
            case Place.Container:
                _pod.Containers.Add((_name, _rootFs, _logs));
                break;
            case Place.Pod:
                sink.TakePod(_pod);
                break;
        }
    }
}
