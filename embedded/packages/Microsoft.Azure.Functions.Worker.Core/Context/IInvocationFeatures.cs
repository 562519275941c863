namespace Microsoft.Azure.Functions.Worker;

/// <summary>What host, extensions and middleware attach to one invocation, by type.</summary>
public interface IInvocationFeatures : IEnumerable<KeyValuePair<Type, object>>
{
    void Set<T>(T instance);

    T? Get<T>();
}
