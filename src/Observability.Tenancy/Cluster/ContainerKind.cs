namespace Observability.Tenancy;

/// <summary>Where in the pod's specification a container stands.</summary>
public enum ContainerKind
{
    Main,

    /// <summary>Runs to its end before the main containers start.</summary>
    Init,

    /// <summary>An init container with <c>restartPolicy: Always</c>: it runs beside the main ones.</summary>
    Sidecar,
}
