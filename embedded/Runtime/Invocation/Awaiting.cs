using System.Reflection;

namespace Serverless.Embedded.Runtime.Invocation;

/// <summary>Awaits whatever a method of a given return type returns; chosen once per function.</summary>
internal static class Awaiting
{
    public static Func<object?, ValueTask<object?>> For(Type returned)
    {
        if (returned == typeof(Task))
            return async task => { await (Task)task!; return null; };
        if (returned == typeof(ValueTask))
            return async task => { await (ValueTask)task!; return null; };
        if (returned.IsGenericType && returned.GetGenericTypeDefinition() == typeof(Task<>))
            return Typed(nameof(OfTask), returned);
        if (returned.IsGenericType && returned.GetGenericTypeDefinition() == typeof(ValueTask<>))
            return Typed(nameof(OfValueTask), returned);
        return value => new(value);
    }

    private static Func<object?, ValueTask<object?>> Typed(string method, Type returned) => typeof(Awaiting)
        .GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!
        .MakeGenericMethod(returned.GetGenericArguments())
        .CreateDelegate<Func<object?, ValueTask<object?>>>();

    private static async ValueTask<object?> OfTask<T>(object? task) => await (Task<T>)task!;

    private static async ValueTask<object?> OfValueTask<T>(object? task) => await (ValueTask<T>)task!;
}
