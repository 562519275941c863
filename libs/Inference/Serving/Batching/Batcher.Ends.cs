using Serverless.Inference.Sessions;

namespace Serverless.Inference.Serving.Batching;

/// <summary>How requests end: answered, failed, cancelled, late, or with the model.</summary>
internal sealed partial class Batcher<T>
{
    private void Finish(RunningBatch<T> batch, Exception?[] faults, RunTimes times, ModelTime spent, TimeSpan began, TimeSpan lasted)
    {
        ModelTime[] shares = spent.Divide([.. batch.Items.Select(i => i.Item.Cost)]);
        _meter.BatchLeft(batch.Items.Length, batch.Cost, batch.Reason);
        _meter.Ran(batch.Items.Where((_, i) => faults[i] is null).Sum(i => i.Item.Rows), times);
        lock (_gate)
        {
            _running--;
            _batches.Remove(batch);
            _runs.Learn(batch.Cost, lasted);
            FailLate(Now);
            for (int i = 0; i < faults.Length; i++)
            {
                BatchRequest<T> request = batch.Items[i].Request;
                batch.Items[i].Batch = null;
                if (request.IsSettled)
                {
                    continue;
                }
                if (faults[i] is { } fault)
                {
                    SettleLocked(request, r => r.Fail(fault));
                }
                else
                {
                    request.Answer(new ItemTimes(began - request.Arrived, times, faults.Length, shares[i]));
                }
                if (request.IsSettled)
                {
                    _queue.Remove(request);
                }
            }
        }
    }

    /// <summary>Ends what waits for a run that takes too long, or waits behind it; a graph that listens ends the run as well.</summary>
    private void Stop(RunningBatch<T> batch)
    {
        (batch.Due, _hasOverrun, _isStopping) = (null, true, true);
        _overran?.Invoke(new BatchOverrun(Overran(batch), batch.Ended)); // first: who is told of it does not find the model again
        IEnumerable<BatchRequest<T>> own = batch.Items.Select(i => i.Request).Where(r => !r.IsSettled).Distinct();
        foreach (BatchRequest<T> request in own.ToArray())
        {
            SettleLocked(request, r => r.Fail(Overran(batch)));
        }
        FailWaiting();
        batch.Abandon();
        Monitor.PulseAll(_gate);
    }

    private void FailWaiting()
    {
        while (_queue.First is { } request)
        {
            SettleLocked(request, r => r.Fail(Stopping()));
        }
    }

    private void FailLate(TimeSpan now)
    {
        while (_queue.FindLate(now) is { } late)
        {
            SettleLocked(late, r => r.Fail(DeadlinePassed(r, now)));
        }
    }

    private void Settle(BatchRequest<T> request, Action<BatchRequest<T>> settle)
    {
        lock (_gate)
        {
            if (!request.IsSettled)
            {
                SettleLocked(request, settle);
            }
        }
    }

    /// <summary>Ends a request early: what waits of it leaves the queue, and a run that nobody else waits for is stopped.</summary>
    private void SettleLocked(BatchRequest<T> request, Action<BatchRequest<T>> settle)
    {
        settle(request);
        _queue.Remove(request);
        foreach (QueuedItem<T> item in request.Items)
        {
            if (item.Batch is { } batch && batch.Leave())
            {
                batch.Abandon();
            }
        }
    }
}
