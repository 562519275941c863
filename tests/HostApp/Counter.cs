using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Entities;

namespace Serverless.HostApp;

/// <summary>An entity that adds.</summary>
public sealed class Counter : TaskEntity<int>
{
    public int Add(int number) => State += number;

    [Function(nameof(Counter))]
    public static Task DispatchAsync([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync<Counter>();
}
