using System.Globalization;
using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Moq;

namespace Serverless.Unit.Functions.Azure.Runs;

/// <summary>
/// Lists runs as the Azure Storage provider does: in the order of their ids, with inclusive bounds of the time of creation, with tokens of
/// its own, and with pages that may be empty before the last.
/// </summary>
internal sealed class UnorderedRuns
{
    private readonly OrchestrationMetadata[] _runs;
    private readonly Action _paged;

    public UnorderedRuns(IEnumerable<OrchestrationMetadata> runs, Action? paged = null)
    {
        _runs = [.. runs.OrderBy(run => run.InstanceId, StringComparer.Ordinal)];
        _paged = paged ?? (() => { });
        Mock<DurableTaskClient> client = new("test");
        client.Setup(c => c.GetAllInstancesAsync(It.IsAny<OrchestrationQuery>())).Returns<OrchestrationQuery>(List);
        Client = client.Object;
    }

    public DurableTaskClient Client { get; }

    /// <summary>A token of another provider, and what this one says to it.</summary>
    public string? Refused { get; init; }

    public Exception Refusal { get; init; } = new RpcException(new Status(StatusCode.Unknown, "Exception was thrown by handler."));

    /// <summary>How many rows were handed out.</summary>
    public int Read { get; private set; }

    public static OrchestrationMetadata Run(
        string id,
        DateTimeOffset created,
        OrchestrationRuntimeStatus status = OrchestrationRuntimeStatus.Completed
    ) =>
        new("Some", id)
        {
            CreatedAt = created,
            LastUpdatedAt = created,
            RuntimeStatus = status,
        };

    public AsyncPageable<OrchestrationMetadata> List(OrchestrationQuery query) =>
        Pageable.Create(
            (token, _, _) =>
            {
                if (token is not null && token == Refused)
                {
                    throw Refusal;
                }
                // A page looks at so many runs, and gives those that pass.
                int from = token is null ? 0 : int.Parse(token, CultureInfo.InvariantCulture);
                int to = Math.Min(from + query.PageSize, _runs.Length);
                OrchestrationMetadata[] page = [.. _runs[from..to].Where(run => Admits(run, query))];
                Read += page.Length;
                _paged();
                return Task.FromResult(
                    new Page<OrchestrationMetadata>(page, to < _runs.Length ? to.ToString(CultureInfo.InvariantCulture) : null)
                );
            }
        );

    private static bool Admits(OrchestrationMetadata run, OrchestrationQuery query) =>
        !(run.CreatedAt < query.CreatedFrom)
        && !(run.CreatedAt > query.CreatedTo)
        && (query.Statuses is null || query.Statuses.Contains(run.RuntimeStatus))
        && run.InstanceId.StartsWith(query.InstanceIdPrefix ?? "", StringComparison.Ordinal);
}
