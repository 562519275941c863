using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Makes one shape of the many that a handler may have.</summary>
public class HandlerWrapper : IDisposable
{
    private HandlerWrapper(LambdaBootstrapHandler handler) => Handler = handler;

    public LambdaBootstrapHandler Handler { get; }

    public static HandlerWrapper GetHandlerWrapper(Func<Stream, ILambdaContext, Task<Stream>> handler) =>
        new(async call => new(await handler(call.InputStream, call.LambdaContext)));

    public static HandlerWrapper GetHandlerWrapper(Func<Stream, Task<Stream>> handler) => GetHandlerWrapper((input, _) => handler(input));

    public static HandlerWrapper GetHandlerWrapper(Func<Stream, ILambdaContext, Task> handler) =>
        new(async call =>
        {
            await handler(call.InputStream, call.LambdaContext);
            return Nothing();
        });

    public static HandlerWrapper GetHandlerWrapper(Func<Stream, Task> handler) =>
        new(async call =>
        {
            await handler(call.InputStream);
            return Nothing();
        });

    public static HandlerWrapper GetHandlerWrapper<TInput>(Func<TInput, ILambdaContext, Task> handler, ILambdaSerializer serializer) =>
        new(async call =>
        {
            await handler(serializer.Deserialize<TInput>(call.InputStream), call.LambdaContext);
            return Nothing();
        });

    public static HandlerWrapper GetHandlerWrapper<TInput>(Func<TInput, Task> handler, ILambdaSerializer serializer) =>
        new(async call =>
        {
            await handler(serializer.Deserialize<TInput>(call.InputStream));
            return Nothing();
        });

    public static HandlerWrapper GetHandlerWrapper<TInput>(Action<TInput, ILambdaContext> handler, ILambdaSerializer serializer) =>
        new(call =>
        {
            handler(serializer.Deserialize<TInput>(call.InputStream), call.LambdaContext);
            return Task.FromResult(Nothing());
        });

    public static HandlerWrapper GetHandlerWrapper<TInput>(Action<TInput> handler, ILambdaSerializer serializer) =>
        new(call =>
        {
            handler(serializer.Deserialize<TInput>(call.InputStream));
            return Task.FromResult(Nothing());
        });

    public static HandlerWrapper GetHandlerWrapper<TInput, TOutput>(
        Func<TInput, ILambdaContext, Task<TOutput>> handler,
        ILambdaSerializer serializer
    ) => new(async call => Serialize(await handler(serializer.Deserialize<TInput>(call.InputStream), call.LambdaContext), serializer));

    public static HandlerWrapper GetHandlerWrapper<TInput, TOutput>(Func<TInput, Task<TOutput>> handler, ILambdaSerializer serializer) =>
        new(async call => Serialize(await handler(serializer.Deserialize<TInput>(call.InputStream)), serializer));

    public static HandlerWrapper GetHandlerWrapper<TInput, TOutput>(
        Func<TInput, ILambdaContext, TOutput> handler,
        ILambdaSerializer serializer
    ) => new(call => Task.FromResult(Serialize(handler(serializer.Deserialize<TInput>(call.InputStream), call.LambdaContext), serializer)));

    public static HandlerWrapper GetHandlerWrapper<TInput, TOutput>(Func<TInput, TOutput> handler, ILambdaSerializer serializer) =>
        new(call => Task.FromResult(Serialize(handler(serializer.Deserialize<TInput>(call.InputStream)), serializer)));

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) { }

    private static InvocationResponse Nothing() => new(new MemoryStream(0));

    private static InvocationResponse Serialize<T>(T output, ILambdaSerializer serializer)
    {
        MemoryStream bytes = new();
        serializer.Serialize(output, bytes);
        bytes.Position = 0;
        return new(bytes);
    }
}
