using System.Reflection;
using DurableTask.Core;
using Xunit;

namespace Serverless.Unit.Local.Durable.Simulation;

/// <summary>
/// One of the framework's dispatchers without its threads: a simulation says itself when one takes an item and when it processes it.
/// The framework hides what processes one item.
/// </summary>
internal static class FrameworkDispatcher
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic;

    public static Func<TItem, Task> Of<TDispatcher, TItem>(IOrchestrationService service, object code)
    {
        ConstructorInfo constructor = Assert.Single(typeof(TDispatcher).GetConstructors(Hidden));
        object dispatcher = constructor.Invoke([.. constructor.GetParameters().Select(parameter => Argument(parameter, service, code))]);
        MethodInfo process = typeof(TDispatcher).GetMethod("OnProcessWorkItemSessionAsync", Hidden)
            ?? typeof(TDispatcher).GetMethod("OnProcessWorkItemAsync", Hidden)!;
        return process.CreateDelegate<Func<TItem, Task>>(dispatcher);
    }

    private static object? Argument(ParameterInfo parameter, params object[] known) =>
        Array.Find(known, parameter.ParameterType.IsInstanceOfType)
        ?? parameter.ParameterType.Name switch
        {
            "LogHelper" => Activator.CreateInstance(parameter.ParameterType, [null]),
            "DispatchMiddlewarePipeline" => Activator.CreateInstance(parameter.ParameterType, nonPublic: true),
            nameof(ErrorPropagationMode) => ErrorPropagationMode.UseFailureDetails,
            _ => null,
        };
}
