using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Serverless.Functions.Azure.Runs.Acts;

namespace Serverless.Functions.Azure.Runs;

/// <summary>Measures turns of orchestrations, which it records, and executions of activities; other functions pass.</summary>
internal sealed class RunMiddleware(RunMeter meter, TurnRecorder recorder, TimeProvider time) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        BindingMetadata? trigger = context.FunctionDefinition.InputBindings.Values.FirstOrDefault(binding =>
            binding.Type.EndsWith("Trigger", StringComparison.Ordinal)
        );
        switch (trigger?.Type)
        {
            case "orchestrationTrigger":
                await TakeTurnAsync(context, trigger, next);
                break;
            case "activityTrigger":
                await MeasureAsync(context, next);
                break;
            default:
                await next(context);
                break;
        }
    }

    private async Task TakeTurnAsync(FunctionContext context, BindingMetadata trigger, FunctionExecutionDelegate next)
    {
        InputBindingData<object> input = await context.BindInputAsync<object>(trigger);
        input.Value = RewoundHistory.Mend(input.Value) ?? input.Value;
        object? asked = input.Value; // the extension puts the context in its place
        await next(context);
        if (OrchestrationTurn.Read(asked, context.GetInvocationResult().Value) is { } turn)
        {
            meter.TurnTaken(context.FunctionDefinition.Name, turn, time.GetUtcNow());
            await recorder.TurnTakenAsync(context.FunctionDefinition.Name, turn, context.CancellationToken);
        }
    }

    private async Task MeasureAsync(FunctionContext context, FunctionExecutionDelegate next)
    {
        long started = time.GetTimestamp();
        bool isOk = false;
        try
        {
            await next(context);
            isOk = true;
        }
        finally
        {
            meter.ActivityExecuted(context.FunctionDefinition.Name, isOk, time.GetElapsedTime(started));
        }
    }
}
