package gpu

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/cogentcore/webgpu/wgpu"

	"gvpie/runtime/engine"
	"gvpie/shaders"
)

// Options choose a device.
type Options struct {
	// Software asks for a driver that runs on the processor (lavapipe), even
	// where there is graphics hardware: for tests and for measuring.
	Software bool
}

// Device is a graphics device with the engine's pipelines. Its methods may be
// called from any goroutine; machines of one device take turns.
type Device struct {
	adapter  string
	software bool // it runs on the processor

	jobs chan job      // to the goroutine that owns everything below
	quit chan struct{} // closed by Close
	done chan struct{} // closed when the goroutine has ended
	once sync.Once

	gpu     *wgpu.Device
	queue   *wgpu.Queue
	release []func() // in the order things were made
	tables  *wgpu.Buffer
	staging *wgpu.Buffer // host-readable, grown on demand
	dummy   *wgpu.Buffer // bound where a pipeline will not look
	scratch *wgpu.Buffer // bound where one will not write
	blank   *bitmap      // likewise

	machines map[*Machine]bool // those that hold something
	pipelines
}

// job is a call made on the device's goroutine.
type job struct {
	do   func() error
	done chan error
}

var errClosed = fmt.Errorf("%w: the device was closed", engine.ErrLost)

// Open finds a graphics device and compiles the shaders for it, which takes a
// tenth of a second or so. The error wraps engine.ErrUnavailable.
func Open(o Options) (*Device, error) {
	d := &Device{
		jobs: make(chan job), quit: make(chan struct{}), done: make(chan struct{}),
		machines: map[*Machine]bool{},
	}
	opened := make(chan error)
	go d.loop(o, opened)
	if err := <-opened; err != nil {
		<-d.done
		return nil, err
	}
	return d, nil
}

// Adapter names the processor for a person: "llvmpipe (LLVM 15.0.6, 256 bits)".
func (d *Device) Adapter() string { return d.adapter }

// Software says that the device runs on the processor.
func (d *Device) Software() bool { return d.software }

// Close frees the device. Calls under way end first; later ones, those of its
// machines too, give engine.ErrLost.
func (d *Device) Close() {
	d.once.Do(func() { close(d.quit) })
	<-d.done
}

// loop owns the device. The library's error scopes belong to a thread, hence the
// lock.
func (d *Device) loop(o Options, opened chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(d.done)
	defer d.free()
	err := guard(func() error { return d.open(o) })
	if err != nil && !errors.Is(err, engine.ErrUnavailable) {
		err = fmt.Errorf("%w: %w", engine.ErrUnavailable, err)
	}
	opened <- err
	if err != nil {
		return
	}
	for {
		select {
		case <-d.quit:
			return
		case j := <-d.jobs:
			j.done <- guard(j.do)
		}
	}
}

// do runs f on the device's goroutine and gives its error. It waits for f's
// turn only as long as ctx lasts; f looks at ctx itself where it may take long.
func (d *Device) do(ctx context.Context, f func() error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j := job{f, make(chan error, 1)}
	select {
	case d.jobs <- j:
		return <-j.done
	case <-ctx.Done():
		return ctx.Err()
	case <-d.done:
		return errClosed
	case <-d.quit:
		return errClosed
	}
}

// guard turns a panic of the library's binding into a lost device.
func guard(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", engine.ErrLost, p)
		}
	}()
	return f()
}

// lost wraps an error of the library: nothing here is retried, so a validation
// error costs the machine as a lost device does.
func lost(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", engine.ErrLost, err)
}

// adapterName is what a person calls the device. The binding has it in the
// description ("llvmpipe (LLVM 15.0.6, 256 bits)"), and a number in the name.
func adapterName(info wgpu.AdapterInfo) string {
	if info.DriverDescription != "" {
		return info.DriverDescription
	}
	return info.Name
}

func (d *Device) open(o Options) error {
	wgpu.SetLogLevel(wgpu.LogLevelError)
	// Without the GL backend: it has no storage textures worth the name.
	zeroNext(instanceExtras)
	instance := wgpu.CreateInstance(&wgpu.InstanceDescriptor{Backends: wgpu.InstanceBackendPrimary})
	d.own(instance.Release)
	adapter, err := instance.RequestAdapter(&wgpu.RequestAdapterOptions{
		PowerPreference:      wgpu.PowerPreferenceHighPerformance,
		ForceFallbackAdapter: o.Software,
	})
	if err != nil {
		return fmt.Errorf("%w: there is no Vulkan driver, or it has no device (install mesa-vulkan-drivers for a software one): %w", engine.ErrUnavailable, err)
	}
	d.own(adapter.Release)
	info := adapter.GetInfo()
	d.adapter, d.software = adapterName(info), info.AdapterType == wgpu.AdapterTypeCPU
	// No descriptor: default limits, which every adapter grants.
	if d.gpu, err = adapter.RequestDevice(nil); err != nil {
		return fmt.Errorf("%w: %s gives no device with WebGPU's default limits: %w", engine.ErrUnavailable, d.adapter, err)
	}
	d.own(d.gpu.Release)
	d.queue = d.gpu.GetQueue()
	d.own(d.queue.Release)

	tables := shaders.Tables()
	if d.tables, err = d.buffer("tables", 4*uint64(len(tables)), wgpu.BufferUsageStorage|wgpu.BufferUsageCopyDst); err != nil {
		return err
	}
	d.own(d.tables.Release)
	if err := d.write(d.tables, 0, tables); err != nil {
		return err
	}
	if d.dummy, err = d.buffer("dummy", 16, wgpu.BufferUsageStorage); err != nil {
		return err
	}
	d.own(d.dummy.Release)
	if d.scratch, err = d.buffer("scratch", 16, wgpu.BufferUsageStorage); err != nil {
		return err
	}
	d.own(d.scratch.Release)
	if d.blank, err = d.bitmap("blank", 1, 1, wgpu.TextureFormatRGBA8Unorm, wgpu.TextureUsageTextureBinding); err != nil {
		return err
	}
	d.own(d.blank.release)
	return d.makePipelines()
}

// own has a thing released with the device, after all that was made later.
func (d *Device) own(release func()) { d.release = append(d.release, release) }

func (d *Device) free() {
	for m := range d.machines {
		m.release()
	}
	if d.staging != nil {
		d.staging.Release()
	}
	for i := len(d.release) - 1; i >= 0; i-- {
		d.release[i]()
	}
}

func (d *Device) buffer(label string, bytes uint64, usage wgpu.BufferUsage) (*wgpu.Buffer, error) {
	b, err := d.gpu.CreateBuffer(&wgpu.BufferDescriptor{Label: label, Size: bytes, Usage: usage})
	return b, lost(err)
}

func (d *Device) write(b *wgpu.Buffer, word int, words []uint32) error {
	return lost(d.queue.WriteBuffer(b, 4*uint64(word), wgpu.ToBytes(words)))
}

// encode records commands.
func (d *Device) encode(record func(e *wgpu.CommandEncoder) error) (*wgpu.CommandBuffer, error) {
	e, err := d.gpu.CreateCommandEncoder(nil)
	if err != nil {
		return nil, lost(err)
	}
	defer e.Release()
	if err := record(e); err != nil {
		return nil, lost(err)
	}
	c, err := e.Finish(nil)
	return c, lost(err)
}

// submit runs commands, and does not wait for them.
func (d *Device) submit(record func(e *wgpu.CommandEncoder) error) error {
	c, err := d.encode(record)
	if err != nil {
		return err
	}
	d.queue.Submit(c)
	c.Release()
	return nil
}

// wait waits until all that was submitted is done, or ctx ends: what was submitted
// is then still done, before all that is submitted later. Whoever watches the
// context sees it looked at all the while.
func (d *Device) wait(ctx context.Context) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		if d.gpu.Poll(false, nil) {
			return nil
		}
		time.Sleep(200 * time.Microsecond)
	}
}

// fetch runs commands that fill the first bytes of a host-readable buffer, waits
// for them, and shows those bytes to see, which must not keep them.
func (d *Device) fetch(bytes uint64, record func(e *wgpu.CommandEncoder, to *wgpu.Buffer) error, see func(data []byte)) error {
	if err := d.growStaging(bytes); err != nil {
		return err
	}
	if err := d.submit(func(e *wgpu.CommandEncoder) error { return record(e, d.staging) }); err != nil {
		return err
	}
	// First the work, then the mapping: the binding keeps the mapping's callback
	// where the garbage collector does not see it, so it must be called at once. The
	// library gives up waiting after five seconds.
	for !d.gpu.Poll(true, nil) {
	}
	mapped, status := false, wgpu.BufferMapAsyncStatusSuccess
	err := d.staging.MapAsync(wgpu.MapModeRead, 0, bytes, func(s wgpu.BufferMapAsyncStatus) {
		mapped, status = true, s
	})
	if err != nil {
		return lost(err)
	}
	for !mapped {
		d.gpu.Poll(true, nil)
	}
	if status != wgpu.BufferMapAsyncStatusSuccess {
		return fmt.Errorf("%w: reading back failed: %v", engine.ErrLost, status)
	}
	see(d.staging.GetMappedRange(0, uint(bytes)))
	return lost(d.staging.Unmap())
}

// growStaging makes the host-readable buffer at least so big. It keeps what one
// canvas needs and never shrinks: pictures are fetched again and again.
func (d *Device) growStaging(bytes uint64) error {
	if d.staging != nil && d.staging.GetSize() >= bytes {
		return nil
	}
	if d.staging != nil {
		d.staging.Release()
		d.staging = nil
	}
	var err error
	d.staging, err = d.buffer("staging", capacity(bytes, 1<<20), wgpu.BufferUsageMapRead|wgpu.BufferUsageCopyDst)
	return err
}

// capacity rounds a size up to a power of two times least, so that things that
// grow a little at a time are not made anew each time.
func capacity(n, least uint64) uint64 {
	c := least
	for c < n {
		c *= 2
	}
	return c
}
