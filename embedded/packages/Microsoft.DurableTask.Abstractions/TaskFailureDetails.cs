using System.Reflection;

namespace Microsoft.DurableTask;

/// <summary>What is kept of an exception across a replay boundary: names and text, never the object.</summary>
public record TaskFailureDetails(
    string ErrorType,
    string ErrorMessage,
    string? StackTrace,
    TaskFailureDetails? InnerFailure,
    IDictionary<string, object?>? Properties)
{
    public static TaskFailureDetails FromException(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);

        // A failed task's own cause is the inner failure of the orchestration that let it through.
        TaskFailureDetails? inner = exception is TaskFailedException { FailureDetails: { } cause } ? cause
            : exception.InnerException is { } innerException ? FromException(innerException)
            : null;
        return new(exception.GetType().ToString(), exception.Message, exception.StackTrace, inner, null);
    }

    public bool IsCausedBy<T>() where T : Exception => IsCausedBy(typeof(T));

    public bool IsCausedBy(Type targetBaseExceptionType)
    {
        ArgumentNullException.ThrowIfNull(targetBaseExceptionType);
        if (!typeof(Exception).IsAssignableFrom(targetBaseExceptionType))
            throw new ArgumentException($"The type {targetBaseExceptionType} is not an exception type.", nameof(targetBaseExceptionType));
        if (string.IsNullOrEmpty(ErrorType))
            return false;

        Type? actual = Type.GetType(ErrorType, throwOnError: false)
            ?? targetBaseExceptionType.Assembly.GetType(ErrorType, throwOnError: false)
            ?? FindInLoadedAssemblies();
        return targetBaseExceptionType.IsAssignableFrom(actual);
    }

    public override string ToString() => $"{ErrorType}: {ErrorMessage}";

    private Type? FindInLoadedAssemblies()
    {
        Type[] matches = [.. AppDomain.CurrentDomain.GetAssemblies().Select(a => a.GetType(ErrorType, throwOnError: false)).OfType<Type>()];
        return matches.Length > 1
            ? throw new AmbiguousMatchException($"{matches.Length} loaded assemblies declare the exception type '{ErrorType}'.")
            : matches.FirstOrDefault();
    }
}
