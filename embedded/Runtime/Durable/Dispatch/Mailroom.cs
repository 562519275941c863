using System.Threading.Channels;
using Serverless.Embedded.Runtime.Durable.Storage;

namespace Serverless.Embedded.Runtime.Durable.Dispatch;

/// <summary>
/// Brings messages to instances, and instances that have some to the runners, each to one at a time. Keeps the executions of
/// idle instances, up to a limit, so that the next message finds them alive. Thread-safe.
/// </summary>
internal sealed class Mailroom : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, InstanceSlot> _slots = [];
    private readonly LinkedList<InstanceSlot> _idle = [];
    private readonly Channel<InstanceSlot> _ready = Channel.CreateUnbounded<InstanceSlot>();
    private readonly DueMessages _due;
    private readonly WorkInHand _work;
    private readonly int _maxIdle;

    public Mailroom(TimeProvider time, WorkInHand work, int maxIdle)
    {
        _work = work;
        _maxIdle = maxIdle;
        _due = new DueMessages(time, Enqueue);
    }

    /// <summary>Instances with mail. Whoever takes one must <see cref="Release"/> it.</summary>
    public ChannelReader<InstanceSlot> Ready => _ready.Reader;

    /// <summary>Hands a message over at once or, when it is due later, then.</summary>
    public void Deliver(Message message)
    {
        if (!_due.TryHold(message))
            Enqueue(message);
    }

    public IReadOnlyList<Message> TakeMail(InstanceSlot slot)
    {
        lock (_gate)
        {
            Message[] mail = [.. slot.Mail];
            slot.Mail.Clear();
            return mail;
        }
    }

    /// <summary>Puts mail back that could not be dealt with.</summary>
    public void ReturnMail(InstanceSlot slot, IReadOnlyList<Message> mail)
    {
        lock (_gate)
            slot.Mail.InsertRange(0, mail);
    }

    /// <summary>
    /// Ends a runner's hold. False when the runner should go on with it: the mailroom is closed, and the slot holds a result
    /// that is nowhere else.
    /// </summary>
    public bool Release(InstanceSlot slot)
    {
        lock (_gate)
        {
            if (slot.Mail.Count > 0)
                return _ready.Writer.TryWrite(slot) || !slot.Mail.Any(message => message.InboxId is null);

            slot.IsBusy = false;
            _work.End();
            if (slot.Execution is null)
            {
                _slots.Remove(slot.InstanceId);
                return true;
            }

            slot.IdleNode = _idle.AddLast(slot);
            if (_idle.Count > _maxIdle)
            {
                _slots.Remove(_idle.First!.Value.InstanceId);
                _idle.RemoveFirst();
            }

            return true;
        }
    }

    /// <summary>Lets the runners finish what is ready and then end.</summary>
    public void Close()
    {
        _due.Dispose();
        _ready.Writer.TryComplete();
    }

    public void Dispose() => Close();

    private void Enqueue(Message message)
    {
        lock (_gate)
        {
            if (!_slots.TryGetValue(message.InstanceId, out InstanceSlot? slot))
                _slots.Add(message.InstanceId, slot = new InstanceSlot(message.InstanceId));
            slot.Mail.Add(message);
            if (slot.IsBusy)
                return;

            slot.IsBusy = true;
            _work.Begin();
            if (slot.IdleNode is { } node)
            {
                _idle.Remove(node);
                slot.IdleNode = null;
            }

            _ready.Writer.TryWrite(slot);
        }
    }
}
