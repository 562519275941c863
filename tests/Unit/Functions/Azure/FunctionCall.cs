using System.Reflection;

namespace Serverless.Unit.Functions.Azure;

/// <summary>Calls a function and awaits what it returns.</summary>
internal static class FunctionCall
{
    public static async Task<object?> RunAsync(MethodInfo method, object? instance, object?[] arguments)
    {
        object? returned = method.Invoke(instance, BindingFlags.DoNotWrapExceptions, null, arguments, null);
        if (returned is not Task task)
        {
            return returned;
        }
        await task;
        return method.ReturnType.IsGenericType ? task.GetType().GetProperty(nameof(Task<>.Result))!.GetValue(task) : null;
    }
}
