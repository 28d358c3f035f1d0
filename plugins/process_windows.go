package plugins

import (
	"os/exec"
	"unsafe"

	"golang.org/x/sys/windows"
)

// processLimits are those that davit sets from outside: a job object, which also ends the process with davit.
type processLimits struct{ job windows.Handle }

// start starts a process. It waits for its job, which comes when the limits are set.
func (l *processLimits) start(c *exec.Cmd) error {
	var err error
	if l.job, err = windows.CreateJobObject(nil, nil); err != nil {
		return err
	}
	if err = l.set(); err == nil {
		err = c.Start()
	}
	if err == nil {
		err = l.assign(c.Process.Pid)
	}
	if err != nil {
		l.release()
	}
	return err
}

// set sets the limits: memory, and that the process ends with davit and shows no dialog.
func (l *processLimits) set() error {
	info := windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION{ProcessMemoryLimit: processMemory}
	info.BasicLimitInformation.LimitFlags = windows.JOB_OBJECT_LIMIT_PROCESS_MEMORY |
		windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | windows.JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION
	_, err := windows.SetInformationJobObject(l.job, windows.JobObjectExtendedLimitInformation,
		uintptr(unsafe.Pointer(&info)), uint32(unsafe.Sizeof(info)))
	return err
}

func (l *processLimits) assign(pid int) error {
	const access = windows.PROCESS_SET_QUOTA | windows.PROCESS_TERMINATE
	process, err := windows.OpenProcess(access, false, uint32(pid))
	if err != nil {
		return err
	}
	defer windows.CloseHandle(process)
	return windows.AssignProcessToJobObject(l.job, process)
}

func (l *processLimits) kill(c *exec.Cmd) { c.Process.Kill() }

// release closes the job object, which ends the process if it still runs.
func (l *processLimits) release() {
	if l.job != 0 {
		windows.CloseHandle(l.job)
		l.job = 0
	}
}
