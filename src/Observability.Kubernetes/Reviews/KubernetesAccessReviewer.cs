using k8s;
using k8s.Models;
using Observability.Access;

namespace Observability.Kubernetes;

/// <summary>The API server's SubjectAccessReview. Nothing is cached here.</summary>
public sealed class KubernetesAccessReviewer(ClusterConnection connection, TimeProvider time) : IAccessReviewer
{
    /// <exception cref="ClusterUnavailableException">No usable answer, or an evaluation that failed before anything allowed it.</exception>
    public async Task<AccessReviewResult> ReviewAsync(CallerIdentity caller, AccessAttributes attributes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(attributes);
        var review = new V1SubjectAccessReview
        {
            Spec = new V1SubjectAccessReviewSpec
            {
                User = caller.Username,
                Uid = caller.Uid,
                Groups = [.. caller.Groups],
                Extra = caller.Extra.ToDictionary(pair => pair.Key, pair => (IList<string>)[.. pair.Value], StringComparer.Ordinal),
                ResourceAttributes = new V1ResourceAttributes
                {
                    Verb = attributes.Verb,
                    Group = attributes.Group,
                    Resource = attributes.Resource,
                    Subresource = attributes.Subresource,
                    Name = attributes.Name,
                    NamespaceProperty = attributes.Namespace,
                },
            },
        };
        V1SubjectAccessReview answer = await ApiCall.RunAsync(
            "An access review",
            timeout => connection.Client.AuthorizationV1.CreateSubjectAccessReviewAsync(review, cancellationToken: timeout),
            connection.Options.RequestTimeout, time, cancellationToken);
        V1SubjectAccessReviewStatus status = answer?.Status ?? throw new ClusterUnavailableException("An access review came back without a status.");
        bool allowed = status.Allowed && status.Denied != true;
        if (!allowed && !string.IsNullOrEmpty(status.EvaluationError))
            throw new ClusterUnavailableException($"An access review could not be evaluated: {status.EvaluationError}");
        return new AccessReviewResult(allowed, status.Reason ?? "");
    }
}
