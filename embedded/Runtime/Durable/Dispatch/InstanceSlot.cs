using Serverless.Embedded.Runtime.Durable.Replay;
using Serverless.Embedded.Runtime.Durable.Storage;

namespace Serverless.Embedded.Runtime.Durable.Dispatch;

/// <summary>
/// What memory holds of an instance that has mail or is kept alive. The mail belongs to the <see cref="Mailroom"/>; the
/// execution to the one runner that has the slot in hand.
/// </summary>
internal sealed class InstanceSlot(string instanceId)
{
    public string InstanceId => instanceId;

    public List<Message> Mail { get; } = [];

    /// <summary>Waiting for a runner, or in one's hand.</summary>
    public bool IsBusy { get; set; }

    public LinkedListNode<InstanceSlot>? IdleNode { get; set; }

    /// <summary>The execution as it stands on disk, or null when it must be replayed.</summary>
    public OrchestrationExecution? Execution { get; set; }

    public int HistoryLength { get; set; }
}
